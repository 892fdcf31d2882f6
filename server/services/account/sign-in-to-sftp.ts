import { and, eq, or } from 'drizzle-orm'
import { z } from 'zod'
import type { SftpCredentials, SftpGrant } from '#server/contracts/remote'
import { now } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { servers, sshKeys, users, type UserRow, type WingsNodeRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { can, conflictOf, permissionsOf } from '#server/policies/server-policy'
import { recordActivity } from '#server/services/activity/record-activity'
import { findPersonByRow } from '#server/services/account/find-person-by-row'
import { findServerFor } from '#server/services/servers/find-server'
import { fingerprintOf } from '#server/services/account/ssh-keys/read-public-key'
import { takeAttempt } from '#server/services/throttles/take-attempt'
import { checkCredentials } from './check-credentials'

interface SignInToSftp {
  node: WingsNodeRow
  credentials: SftpCredentials
}

/**
 * Whom a daemon may let in over SFTP, and to what. Tries are counted by the name and the client's own address, which the
 * daemon tells; a key that is merely not known is no try, since clients offer all they have.
 *
 * @throws {AppError} `sftp.credentials_wrong`, `sftp.forbidden`, `sign_in.locked`, `server.*` for a server in no state for it
 */
export async function signInToSftp({ node, credentials }: SignInToSftp): Promise<SftpGrant> {
  const dot = credentials.username.lastIndexOf('.')
  const login = credentials.username.slice(0, dot).toLowerCase()
  const reference = credentials.username.slice(dot + 1).toLowerCase()
  const ip = credentials.ip.replace(/^\[(.*)\]:\d+$/, '$1').replace(/^([^:]+):\d+$/, '$1')
  if (dot < 1) throw new AppError('sftp.credentials_wrong')

  const user =
    credentials.type === 'password'
      ? await byPassword({ login, reference, ip, password: credentials.password })
      : await byKey({ login, line: credentials.password, ip })
  const actor = await findPersonByRow(user, ip)
  if (!actor) throw new AppError('sftp.credentials_wrong')

  const found = await findServerFor(actor, reference)
  if (!found || found.node.id !== node.id) throw new AppError('sftp.credentials_wrong')
  const { server, tie, isTransferring } = found
  if (!can(tie, 'file.sftp')) {
    await recordActivity(useDrizzle(), {
      actor,
      event: 'server:sftp.denied',
      target: { type: 'server', id: server.id },
    })
    throw new AppError('sftp.forbidden')
  }
  const conflict = conflictOf(
    {
      status: server.status,
      suspended: server.suspended,
      isNodeUnderMaintenance: node.maintenanceMode,
      isTransferring,
    },
    tie,
    'ready',
  )
  if (conflict) throw new AppError(conflict)
  return { server: server.uuid, user: actor.uuid, permissions: permissionsOf(tie) }
}

interface Password {
  login: string
  reference: string
  ip: string
  password: string
}

async function byPassword({ login, reference, ip, password }: Password): Promise<UserRow> {
  const { isRight, user, attempt } = await checkCredentials({ bucket: 'sftp', login, password, address: ip })
  if (isRight) await attempt.giveBack()
  if (isRight && user) return user
  if (user) await recordFailure(user, reference, ip)
  throw new AppError('sftp.credentials_wrong')
}

/** Found in the log of the account and of the server that was meant. */
async function recordFailure(user: UserRow, reference: string, ip: string): Promise<void> {
  const actor = await findPersonByRow(user, ip)
  if (!actor) return
  const [server] = await useDrizzle()
    .select({ id: servers.id })
    .from(servers)
    .where(or(eq(servers.identifier, reference), eq(servers.uuid, reference)))
  await recordActivity(useDrizzle(), {
    actor,
    event: 'auth:sftp.fail',
    target: { type: 'user', id: user.id },
    ...(server && { serverId: server.id }),
    properties: { method: 'password' },
  })
}

const keyLine = z.string().regex(/^[\w@.-]+ [A-Za-z0-9+/]+=*$/)
const USED_ONCE_PER_MS = 60_000

interface Key {
  login: string
  /** Kind and key, as a daemon prints them. */
  line: string
  ip: string
}

async function byKey({ login, line, ip }: Key): Promise<UserRow> {
  const parsed = keyLine.safeParse(line.trim())
  if (!parsed.success) {
    await takeAttempt({ bucket: 'sftp', name: login, address: ip })
    throw new AppError('sftp.credentials_wrong')
  }

  const blob = Buffer.from(parsed.data.split(' ')[1] ?? '', 'base64')
  const [found] = await useDrizzle()
    .select({ user: users, keyId: sshKeys.id, lastUsedAt: sshKeys.lastUsedAt })
    .from(sshKeys)
    .innerJoin(users, eq(users.id, sshKeys.userId))
    .where(and(eq(users.username, login), eq(sshKeys.fingerprint, fingerprintOf(blob))))
  if (!found) throw new AppError('sftp.credentials_wrong')

  // That it was offered: the daemon asks before anybody has proven to hold it, and says no more afterwards.
  const isDue = found.lastUsedAt === null || Date.now() - Date.parse(found.lastUsedAt) > USED_ONCE_PER_MS
  if (isDue) await useDrizzle().update(sshKeys).set({ lastUsedAt: now() }).where(eq(sshKeys.id, found.keyId))
  return found.user
}
