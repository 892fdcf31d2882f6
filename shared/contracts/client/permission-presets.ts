import { z } from 'zod'
import { endpoint } from '../endpoint'
import { item, list, type Plain } from '../envelope'
import { isServerPermission, type ServerPermission } from '#shared/permissions'

/** Ours. Rights under a name that somebody gives them, to be handed out again. */
export const permissionPreset = item(
  'permission_preset',
  z.object({
    id: z.uuid(),
    name: z.string(),
    /** Without `websocket.connect`, which everybody is given. */
    permissions: z.array(z.string()),
  }),
)
export type PermissionPreset = Plain<z.output<typeof permissionPreset>>

const permissions = z
  .array(
    z.string().refine((name): name is ServerPermission => isServerPermission(name), {
      error: 'The selected permission is invalid.',
      params: { rule: 'in' },
    }),
  )
  .max(100)

export const permissionPresetBody = z.object({ name: z.string().trim().min(1).max(60), permissions })

export const permissionPresets = {
  list: endpoint('GET /api/client/account/permission-presets', { reply: list(permissionPreset) }),
  create: endpoint('POST /api/client/account/permission-presets', {
    body: permissionPresetBody,
    reply: permissionPreset,
  }),
  update: endpoint('PATCH /api/client/account/permission-presets/:preset', {
    body: permissionPresetBody.partial(),
    reply: permissionPreset,
  }),
  remove: endpoint('DELETE /api/client/account/permission-presets/:preset', {}),
}
