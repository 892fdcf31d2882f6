import type { RunTaskStatus } from '#shared/contracts/client/schedules'

/** How the outcome of a run, or of a task of one, is shown. */
export const RUN_LOOKS: Record<RunTaskStatus, { icon: string; class: string; spins?: true }> = {
  waiting: { icon: 'i-lucide-circle-dashed', class: 'text-muted' },
  running: { icon: 'i-lucide-loader-circle', class: 'text-info', spins: true },
  succeeded: { icon: 'i-lucide-circle-check', class: 'text-success' },
  failed: { icon: 'i-lucide-circle-x', class: 'text-error' },
  skipped: { icon: 'i-lucide-circle-minus', class: 'text-muted' },
}
