import { accounts } from '#shared/contracts/client/account'
import { signedIn } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { changeAvatar } from '#server/services/account/change-avatar'

export default defineRoute(accounts.removeAvatar, {
  access: signedIn({ exempt: ['two-factor'] }),
  async handle({ actor }) {
    await changeAvatar({ actor, bytes: null })
  },
})
