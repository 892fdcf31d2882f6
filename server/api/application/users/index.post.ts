import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { answerUser } from '#server/http/users'
import { resourceAt } from '#server/serializers/envelope'
import { createUser } from '#server/services/users/create-user'
import { users } from '#shared/contracts/application/users'

export default defineRoute(users.create, {
  access: administrator('users', 'write'),
  async handle({ actor, query, body, url }) {
    const { user, setupUrl } = await createUser({
      actor,
      username: body.username,
      email: body.email,
      nameFirst: body.first_name,
      nameLast: body.last_name,
      password: body.password,
      language: body.language ?? undefined,
      rootAdmin: body.root_admin ?? false,
      externalId: body.external_id ?? null,
      isManagedExternally: body.is_managed_externally ?? false,
      ...(body.timezone && { timeZone: body.timezone }),
    })
    // Only a person at a screen can hand the link over; it is no part of what programs read.
    const handedOver = actor.door.kind === 'session' ? { setup_url: setupUrl } : {}
    return { ...(await answerUser(actor, query.include, user)), meta: { ...resourceAt(url, user.id), ...handedOver } }
  },
})
