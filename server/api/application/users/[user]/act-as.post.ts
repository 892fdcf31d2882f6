import { users } from '#shared/contracts/application/users'
import { administratorInBrowser } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { passCookies, visitorOf } from '#server/http/visitor'
import { actAs } from '#server/services/users/act-as'
import { getUser } from '#server/services/users/queries'

export default defineRoute(users.actAs, {
  access: administratorInBrowser('impersonation', 'write'),
  async handle({ actor, event, params }) {
    passCookies(event, await actAs({ actor, user: await getUser(params.user), visitor: visitorOf(event) }))
  },
})
