import { asc, eq } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { permissionPresets, type PermissionPresetRow } from '#server/database/schema'

/** How many one account may have, so that a list of them has an end. */
export const PRESETS_MAX = 25

/** Somebody's own, by name. */
export async function listPresets(userId: string): Promise<PermissionPresetRow[]> {
  return useDrizzle()
    .select()
    .from(permissionPresets)
    .where(eq(permissionPresets.userId, userId))
    .orderBy(asc(permissionPresets.name), asc(permissionPresets.id))
}
