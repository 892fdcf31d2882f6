import { roles } from '#shared/contracts/application/roles'
import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { answerRole } from '#server/http/roles'
import { getRole } from '#server/services/roles/queries'
import { updateRole } from '#server/services/roles/save-role'

export default defineRoute(roles.update, {
  access: administrator('roles', 'write'),
  async handle({ actor, params, query, body }) {
    const { role } = await getRole(params.role)
    return answerRole(actor, query.include, await updateRole({ actor, role, asked: body }))
  },
})
