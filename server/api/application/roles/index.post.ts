import { roles } from '#shared/contracts/application/roles'
import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { answerRole } from '#server/http/roles'
import { resourceAt } from '#server/serializers/envelope'
import { createRole } from '#server/services/roles/save-role'

export default defineRoute(roles.create, {
  access: administrator('roles', 'write'),
  async handle({ actor, query, body, url }) {
    const view = await createRole({ actor, asked: body })
    return { ...(await answerRole(actor, query.include, view)), meta: resourceAt(url, view.role.id) }
  },
})
