import { at, isStatus, whereUnknown, type WingsCall } from './call'

/** The source stops the server before it answers, and waits 15 s for that. */
const START_TIMEOUT_MS = 30_000

const HELD_TIMEOUT_MS = 5_000

interface Transfer {
  /** Where the target takes it: `<node>/api/transfers`. */
  url: string
  /** Signed with the target's key. */
  token: string
  startOnCompletion: boolean
  /** Archives that move along; only Pelican moves any. */
  backups?: string[]
}

export function transferOperations(call: WingsCall) {
  return {
    /** Said to the source. Everything later is reported by both nodes. */
    start: (server: string, { url, token, startOnCompletion, backups = [] }: Transfer) =>
      call('POST', at`/api/servers/${server}/transfer`, {
        json: {
          url,
          token: `Bearer ${token}`,
          server: { uuid: server, start_on_completion: startOnCompletion },
          backups,
        },
        timeoutMs: START_TIMEOUT_MS,
        mayDawdle: true,
      }),

    /**
     * Said to the source; the broken stream makes the target fail. At the target, cancelling fails in every version. Where
     * nothing is being sent there is nothing to cancel.
     */
    cancel: (server: string) =>
      call('DELETE', at`/api/servers/${server}/transfer`).catch((error: unknown) => {
        if (!isStatus(error, 409) && !isStatus(error, 404)) throw error
      }),

    /** Whether a node has a server, or is about to. */
    isHeld: (server: string): Promise<boolean> =>
      call('GET', at`/api/servers/${server}`, { timeoutMs: HELD_TIMEOUT_MS })
        .then(() => true)
        .catch(whereUnknown(false)),
  }
}
