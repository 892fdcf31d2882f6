import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { getUser } from '#server/services/users/queries'
import { sendLink } from '#server/services/users/send-link'
import { users } from '#shared/contracts/application/users'

export default defineRoute(users.sendLink, {
  access: administrator('users', 'write'),
  async handle({ actor, params }) {
    return { url: await sendLink({ actor, user: await getUser(params.user) }) }
  },
})
