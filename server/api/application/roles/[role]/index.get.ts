import { roles } from '#shared/contracts/application/roles'
import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { answerRole } from '#server/http/roles'
import { getRole } from '#server/services/roles/queries'

export default defineRoute(roles.get, {
  access: administrator('roles', 'read'),
  handle: async ({ actor, params, query }) => answerRole(actor, query.include, await getRole(params.role)),
})
