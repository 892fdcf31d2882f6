import { vi } from 'vitest'
import type { SessionState } from '#shared/contracts/client/session'
import { session } from '../support/session-state'

// Somebody is signed in, so the app listens; there is nothing to listen to here.
vi.stubGlobal(
  'EventSource',
  class {
    addEventListener() {}
    close() {}
  },
)

/** Somebody is here; without other words he administers nothing. */
export function signIn(traits: Partial<SessionState['user'] & object> = {}): void {
  useState<SessionState | null>('session').value = { ...session, user: { ...session.user, ...traits } }
}
