import { z } from 'zod'
import type { Wire } from '#shared/contracts/envelope'
import type { permissionPreset } from '#shared/contracts/client/permission-presets'
import { permissionPresetPermissions } from '#server/database/json'
import type { PermissionPresetRow } from '#server/database/schema'
import { itemOf } from '#server/serializers/envelope'

export const serializePermissionPreset = ({
  id,
  name,
  permissions,
}: PermissionPresetRow): Wire<typeof permissionPreset> =>
  itemOf('permission_preset', { id, name, permissions: z.decode(permissionPresetPermissions, permissions) })
