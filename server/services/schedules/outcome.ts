import { AppError } from '#server/errors'
import { logger } from '#server/logger'
import type { RunReason } from '#shared/contracts/client/schedules'

/** What came of a task. */
export interface Outcome {
  status: 'succeeded' | 'failed' | 'skipped'
  reason: RunReason | null
  detail: string | null
  /** Whether the next task is carried out. */
  goesOn: boolean
}

export const SUCCEEDED: Outcome = { status: 'succeeded', reason: null, detail: null, goesOn: true }

const REASONS: Partial<Record<AppError['code'], RunReason>> = {
  'node.unreachable': 'node_unreachable',
  'node.refused': 'node_refused',
  'node.failed': 'node_failed',
  'server.not_running': 'server_not_running',
  'server.suspended': 'server_not_ready',
  'server.not_installed': 'server_not_ready',
  'server.restoring': 'server_not_ready',
  'server.transferring': 'server_not_ready',
  'backup.throttled': 'backup_throttled',
  'backup.locked': 'backups_locked',
  'schedule.signal_unknown': 'signal_unknown',
  'schedule.action_unknown': 'action_unknown',
  'file.path_refused': 'path_refused',
  'file.root_refused': 'path_refused',
}

/** Only what a node is to blame for may be passed over: the rest would fail the next time, too. */
const OF_NODES = new Set<RunReason>(['node_unreachable', 'node_refused', 'node_failed', 'server_not_running'])

const DETAIL_MAX = 500

export function outcomeOf(error: unknown, { continueOnFailure }: { continueOnFailure: boolean }): Outcome {
  const reason = reasonOf(error)
  if (reason === 'internal') logger.error({ err: error }, 'a task of a schedule could not be carried out')
  return { status: 'failed', reason, detail: detailOf(error), goesOn: continueOnFailure && OF_NODES.has(reason) }
}

function reasonOf(error: unknown): RunReason {
  if (!(error instanceof AppError)) return 'internal'
  const { code, values }: AppError = error
  if (code === 'backup.limit_reached') return values.limit === 0 ? 'backup_limit' : 'backups_locked'
  return REASONS[code] ?? 'internal'
}

function detailOf(error: unknown): string | null {
  if (!(error instanceof AppError)) return null
  const { error: said, limit, signal, action, path } = error.values
  const detail = said ?? limit ?? signal ?? action ?? path
  return detail === undefined ? null : String(detail).slice(0, DETAIL_MAX)
}
