import { signedIn } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { itemOf } from '#server/serializers/envelope'
import { servers } from '#shared/contracts/client/servers'
import { PERMISSION_GROUPS } from '#shared/permissions'

export default defineRoute(servers.permissions, {
  access: signedIn({ takesNarrowedKeys: true }),
  handle: async () => itemOf('system_permissions', { permissions: PERMISSION_GROUPS }),
})
