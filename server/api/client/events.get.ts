import { signedIn } from '#server/http/access'
import { defineStream } from '#server/http/define-stream'
import { isSessionAlive } from '#server/services/account/is-session-alive'
import { openHints } from '#server/services/events/open-hints'
import { events } from '#shared/contracts/client/events'

export default defineStream(events.stream, {
  access: signedIn(),
  isStillAllowed: ({ actor }) => isSessionAlive(actor),
  open: ({ actor }, { send, end }) => openHints(actor, { send: (name, data) => send({ name, data }), end }),
})
