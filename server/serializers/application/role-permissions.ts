import { itemOf, listOf, stampOf } from '#server/serializers/envelope'
import type { RoleView } from '#server/services/roles/queries'
import { LEVEL, type AdminResource } from '#shared/permissions'

/** What Pelican calls by another name than ours in the singular. */
const MODELS: Partial<Record<AdminResource, string>> = { server_databases: 'database' }

/** Its permissions that are of no model. */
const WHOLE: Partial<Record<AdminResource, { read: string[]; write: string[] }>> = {
  settings: { read: ['view settings'], write: ['update settings'] },
  health: { read: ['view health'], write: [] },
  logs: { read: ['view panelLog'], write: [] },
  audit_addresses: { read: ['seeIps activityLog'], write: [] },
}

function namesOf(resource: AdminResource) {
  const model =
    MODELS[resource] ?? resource.replace(/s$/, '').replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
  return (
    WHOLE[resource] ?? {
      read: [`viewList ${model}`, `view ${model}`],
      write: [`create ${model}`, `update ${model}`, `delete ${model}`],
    }
  )
}

/** What a role grants, as Pelican names it: `viewList server`. */
export function serializeRolePermissions({ role, grants }: Pick<RoleView, 'role' | 'grants'>) {
  const stamps = { created_at: stampOf(role.createdAt), updated_at: stampOf(role.updatedAt) }
  const names = Object.entries(grants).flatMap(([resource, level]) => {
    const { read, write } = namesOf(resource as AdminResource)
    return [...(level & LEVEL.read ? read : []), ...(level & LEVEL.write ? write : [])]
  })
  return listOf(names.map((name) => itemOf('permissions', { name, ...stamps })))
}
