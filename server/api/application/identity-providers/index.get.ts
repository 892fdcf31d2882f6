import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeIdentityProvider } from '#server/serializers/application/identity-provider'
import { listMappableRoles, listProviders } from '#server/services/identity-providers/queries'
import { identityProviders } from '#shared/contracts/application/identity-providers'

export default defineRoute(identityProviders.list, {
  access: administrator('settings', 'read'),
  async handle({ url }) {
    const [views, roles] = await Promise.all([listProviders(), listMappableRoles()])
    return {
      object: 'list' as const,
      data: views.map((view) => serializeIdentityProvider(view, url)),
      meta: {
        roles: roles.map(({ id, name }) => ({ id: Number(id), name })),
        callback_base: `${url.origin}/auth/callback/`,
      },
    }
  },
})
