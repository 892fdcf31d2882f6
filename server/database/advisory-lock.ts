import type pg from 'pg'
import { useEnv } from '../env.ts'
import { connect } from './connect.ts'

/**
 * A lock of the whole database, held by a connection of its own: it goes with the process that holds it, so nothing has to
 * be tidied up after a crash, and what is written through its connection was written by the holder.
 */
export function createLock(key: number) {
  let client: pg.Client | undefined
  let isHeld = false

  async function open(): Promise<pg.Client> {
    const next = await connect(useEnv().DATABASE_URL)
    next.on('end', () => {
      if (client !== next) return
      client = undefined
      isHeld = false
    })
    return next
  }

  function release(): void {
    const last = client
    client = undefined
    isHeld = false
    void last?.end().catch(() => {})
  }

  return {
    isHeld: () => isHeld,

    /** Takes it if nobody has it: the connection that holds it, else undefined. Waiting for it would keep the database from tidying up. */
    async take(): Promise<pg.Client | undefined> {
      if (isHeld) return client
      try {
        client ??= await open()
        const { rows } = await client.query<{ got: boolean }>('select pg_try_advisory_lock($1) as got', [key])
        isHeld = rows[0]?.got === true
      } catch (error) {
        release()
        throw error
      }
      return isHeld ? client : undefined
    },

    release,
  }
}
