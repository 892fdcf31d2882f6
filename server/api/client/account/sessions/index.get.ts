import { sessions } from '#shared/contracts/client/sessions'
import { inBrowser } from '#server/http/access'
import { isActing } from '#server/http/acting'
import { defineRoute } from '#server/http/define-route'
import { serializeSession } from '#server/serializers/client/account'
import { listOf } from '#server/serializers/envelope'
import { listSessions } from '#server/services/account/queries'

export default defineRoute(sessions.list, {
  access: inBrowser({ exempt: ['two-factor'] }),
  async handle({ actor }) {
    const rows = await listSessions(actor.userId)
    const shown = { showsAddress: !isActing(actor), currentId: actor.door.sessionId }
    return listOf(rows.map((row) => serializeSession(row, shown)))
  },
})
