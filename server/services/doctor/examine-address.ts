import { gt, sql } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { sqlNow } from '#server/database/columns'
import { processes } from '#server/database/schema'
import { useEnv } from '#server/env'
import { getSettings } from '#server/services/settings/current-settings'

const ANSWERS_WITHIN_MS = 5_000

export interface ExaminedAddress {
  /** Null: neither set up nor given by the environment. */
  address: string | null
  isFromEnvironment: boolean
  /** Processes that serve this database now. */
  processes: number
  /** Null: nobody was asked, since no process runs. */
  answer: 'panel' | 'something-else' | 'nothing' | null
  /** Why nothing answered. */
  cause: string | null
}

/** Whether the panel is reached where it says that it is. */
export async function examineAddress(): Promise<ExaminedAddress> {
  const given = useEnv().APP_URL
  const address = given ?? ((await getSettings()).panel.address || null)
  const running = await useDrizzle().$count(processes, gt(processes.lastSeenAt, sql`${sqlNow} - interval '1 minute'`))
  const known = { address, isFromEnvironment: given !== undefined, processes: running }
  if (!address || running === 0) return { ...known, answer: null, cause: null }

  try {
    const response = await fetch(`${address}/api/health`, { signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) })
    const isPanel = response.headers.get('content-type')?.includes('application/json') === true
    return { ...known, answer: isPanel ? 'panel' : 'something-else', cause: null }
  } catch (error) {
    return { ...known, answer: 'nothing', cause: causeOf(error) }
  }
}

function causeOf(error: unknown): string {
  const { cause, message } = error as Error & { cause?: { code?: string; message?: string } }
  return cause?.code ?? cause?.message ?? message
}
