import { signedIn } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { removePreset } from '#server/services/permission-presets/save-preset'
import { permissionPresets } from '#shared/contracts/client/permission-presets'

export default defineRoute(permissionPresets.remove, {
  access: signedIn(),
  handle: ({ actor, params }) => removePreset({ actor, id: params.preset }),
})
