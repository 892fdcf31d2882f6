import { signedIn } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializePermissionPreset } from '#server/serializers/client/permission-preset'
import { createPreset } from '#server/services/permission-presets/save-preset'
import { permissionPresets } from '#shared/contracts/client/permission-presets'

export default defineRoute(permissionPresets.create, {
  access: signedIn(),
  handle: async ({ actor, body }) => serializePermissionPreset(await createPreset({ actor, ...body })),
})
