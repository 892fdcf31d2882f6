import type { ServerRow, WingsNodeRow } from '#server/database/schema'
import { liveStates } from '#server/services/nodes/live-states'
import { carryOut } from './carry-out'
import { outcomeOf, SUCCEEDED, type Outcome } from './outcome'

interface Attempt {
  sequenceId: number
  action: string
  payload: string
  continueOnFailure: boolean
  onlyWhenOnline: boolean
  server: ServerRow
  node: WingsNodeRow
}

/** Carries out one task and says what came of it. Never rejects; `error` is what it failed of. */
export async function attempt(task: Attempt): Promise<Outcome & { error?: unknown }> {
  try {
    const reason = task.sequenceId === 1 && task.onlyWhenOnline ? await whyNotOnline(task) : null
    if (reason) return { status: 'skipped', reason, detail: null, goesOn: false }
    await carryOut(task)
    return SUCCEEDED
  } catch (error) {
    return { ...outcomeOf(error, task), error }
  }
}

/** Older than that, a server that was just stopped would be started again. Younger, ten thousand runs would ask as often. */
const YOUNGER_THAN_MS = 500

/** Asked once for a run, before its first task, and shared by all that look at the same node in this moment. */
async function whyNotOnline({ server, node }: Attempt) {
  const live = await liveStates.now(node, YOUNGER_THAN_MS)
  if (!live) return 'node_unreachable'
  const state = live.servers.get(server.uuid)?.state ?? 'offline'
  return state === 'offline' || state === 'stopping' ? 'server_offline' : null
}
