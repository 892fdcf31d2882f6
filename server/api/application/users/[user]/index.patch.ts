import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { answerUser } from '#server/http/users'
import { getUser } from '#server/services/users/queries'
import { updateUser } from '#server/services/users/update-user'
import { users } from '#shared/contracts/application/users'

export default defineRoute(users.update, {
  access: administrator('users', 'write'),
  async handle({ actor, params, query, body }) {
    const user = await updateUser({
      actor,
      user: await getUser(params.user),
      change: {
        username: body.username,
        email: body.email,
        nameFirst: body.first_name,
        nameLast: body.last_name,
        ...(body.language && { language: body.language }),
        ...(typeof body.root_admin === 'boolean' && { rootAdmin: body.root_admin }),
        ...(body.external_id !== undefined && { externalId: body.external_id }),
        ...(body.timezone && { timeZone: body.timezone }),
        ...(typeof body.is_managed_externally === 'boolean' && { isManagedExternally: body.is_managed_externally }),
      },
      password: body.password,
    })
    return answerUser(actor, query.include, user)
  },
})
