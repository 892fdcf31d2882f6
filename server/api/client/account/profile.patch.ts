import { accounts } from '#shared/contracts/client/account'
import { signedIn } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeProfile } from '#server/serializers/client/account'
import { describeProfile } from '#server/services/account/describe-profile'
import { updateProfile } from '#server/services/account/update-profile'

export default defineRoute(accounts.updateProfile, {
  access: signedIn({ exempt: ['two-factor'] }),
  async handle({ actor, body }) {
    const { first_name: nameFirst, last_name: nameLast, language, time_zone: timeZone } = body
    const asked = { nameFirst, nameLast, language, timeZone }
    const change = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined))
    await updateProfile({ actor, change })

    return serializeProfile(await describeProfile(actor.userId))
  },
})
