import type { CheckStep } from '#shared/contracts/application/nodes'

/** How one side of the way to a node ended. `waiting`: nobody has gone it to its end. */
export type WayState = 'ok' | 'warning' | 'failed' | 'waiting'

export function wayStateOf(steps: readonly CheckStep[]): WayState {
  if (steps.some(({ ok }) => ok === false)) return 'failed'
  const taken = steps.filter(({ ok }) => ok !== null)
  if (taken.length === 0) return 'waiting'
  return taken.some(({ cause }) => cause !== null) ? 'warning' : 'ok'
}

/** Where a way ended, else what it warns of. */
export const troubleOf = (steps: readonly CheckStep[]): CheckStep | undefined =>
  steps.find(({ ok }) => ok === false) ?? steps.find(({ ok, cause }) => ok && cause !== null)

const RESTART = 'sudo systemctl restart wings'

/** The command that mends it, where one does; run on the node. */
export function commandFor({ cause, detail }: Pick<CheckStep, 'cause' | 'detail'>): string | undefined {
  switch (cause) {
    case 'port_timeout':
      return `sudo ufw allow ${detail?.port ?? 8080}/tcp`
    case 'port_refused':
      return 'sudo systemctl enable --now wings'
    case 'tls_expired':
    case 'tls_ends_soon':
      return `sudo certbot renew && ${RESTART}`
    case 'answer_timeout':
    case 'answer_broken':
      return RESTART
    case 'answer_failing':
      return `sudo systemctl restart docker && ${RESTART}`
    case 'clock_ahead':
    case 'clock_behind':
      return 'sudo timedatectl set-ntp true'
    default:
      return undefined
  }
}
