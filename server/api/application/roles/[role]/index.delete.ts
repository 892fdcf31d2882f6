import { roles } from '#shared/contracts/application/roles'
import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { deleteRole } from '#server/services/roles/delete-role'
import { getRole } from '#server/services/roles/queries'

export default defineRoute(roles.remove, {
  access: administrator('roles', 'write'),
  async handle({ actor, params }) {
    await deleteRole({ actor, role: (await getRole(params.role)).role })
  },
})
