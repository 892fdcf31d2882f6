import { randomBytes } from 'node:crypto'
import type { HostAddress } from '#server/database-engines/host-session'
import { onHost } from '#server/database-engines/on-host'
import { HostTrouble } from '#server/database-engines/trouble'
import type { DatabaseHostCheck } from '#shared/contracts/application/database-hosts'

interface TryHost {
  /** Also makes a database with an account, gives that another password, and takes both away again. */
  isThorough: boolean
}

/** Does what a host is for, with something of its own, and says what the host said. Nothing of it is left. */
export async function tryHost(address: HostAddress, { isThorough }: TryHost): Promise<DatabaseHostCheck> {
  const begunAt = Date.now()
  const name = `xyra_check_${randomBytes(6).toString('hex')}`
  const account = { database: name, username: name, remote: '%', password: passwordOf(), maxConnections: 1 }
  const renewed = { ...account, password: passwordOf() }
  const known: { version: string | null; isEncrypted: boolean | null } = { version: null, isEncrypted: null }
  const told = (error: string | null): DatabaseHostCheck => ({
    ok: error === null,
    ms: Date.now() - begunAt,
    version: known.version,
    is_encrypted: known.isEncrypted,
    error,
  })

  try {
    await onHost(
      address,
      async (session) => {
        Object.assign(known, await session.describe())
        if (!isThorough) return
        try {
          await session.create(account)
          await session.renew(renewed)
        } catch (error) {
          await session.drop(account).catch(() => undefined)
          throw error
        }
        await session.drop(account)
      },
      { secrets: [account.password, renewed.password] },
    )
    return told(null)
  } catch (error) {
    if (!(error instanceof HostTrouble)) throw error
    return told(error.message)
  }
}

const passwordOf = () => `${randomBytes(18).toString('hex')}!Aa1`
