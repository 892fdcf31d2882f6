import { signedIn } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializePermissionPreset } from '#server/serializers/client/permission-preset'
import { updatePreset } from '#server/services/permission-presets/save-preset'
import { permissionPresets } from '#shared/contracts/client/permission-presets'

export default defineRoute(permissionPresets.update, {
  access: signedIn(),
  handle: async ({ actor, params, body }) =>
    serializePermissionPreset(await updatePreset({ actor, id: params.preset, ...body })),
})
