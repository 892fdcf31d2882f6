import { currentSession } from '#shared/contracts/client/session'
import { signedIn } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { updatePreferences } from '#server/services/account/update-preferences'

export default defineRoute(currentSession.updatePreferences, {
  access: signedIn({ exempt: ['two-factor'] }),
  async handle({ actor, body }) {
    await updatePreferences({
      actor,
      change: Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as Parameters<
        typeof updatePreferences
      >[0]['change'],
    })
  },
})
