import { signedIn } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializePermissionPreset } from '#server/serializers/client/permission-preset'
import { listOf } from '#server/serializers/envelope'
import { listPresets } from '#server/services/permission-presets/queries'
import { permissionPresets } from '#shared/contracts/client/permission-presets'

export default defineRoute(permissionPresets.list, {
  access: signedIn(),
  async handle({ actor }) {
    return listOf((await listPresets(actor.userId)).map(serializePermissionPreset))
  },
})
