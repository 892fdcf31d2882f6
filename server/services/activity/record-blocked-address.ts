import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { recordActivity } from './record-activity'

/** A key was used from an address that it is not for: its owner finds it in his own log. */
export async function recordBlockedAddress(actor: Person): Promise<void> {
  const identifier = 'identifier' in actor.door ? actor.door.identifier : null
  await recordActivity(useDrizzle(), {
    actor,
    event: 'auth:ip-blocked',
    target: { type: 'user', id: actor.userId },
    properties: { identifier },
  })
}
