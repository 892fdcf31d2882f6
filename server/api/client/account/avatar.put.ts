import { accounts } from '#shared/contracts/client/account'
import { IMAGE_MAX_BYTES } from '#shared/contracts/client/images'
import { signedIn } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { readBytes } from '#server/http/input'
import { changeAvatar } from '#server/services/account/change-avatar'

export default defineRoute(accounts.changeAvatar, {
  access: signedIn({ exempt: ['two-factor'] }),
  async handle({ event, actor }) {
    await changeAvatar({ actor, bytes: await readBytes(event, IMAGE_MAX_BYTES) })
  },
})
