import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import type { Person } from '#server/auth/actor'
import { useDrizzle, type Executor } from '#server/database/client'
import { isUniqueViolation } from '#server/database/errors'
import { permissionPresetPermissions } from '#server/database/json'
import { only } from '#server/database/rows'
import { permissionPresets, users, type PermissionPresetRow } from '#server/database/schema'
import { AppError, refusedField } from '#server/errors'
import { recordActivity } from '#server/services/activity/record-activity'
import { SERVER_PERMISSIONS } from '#shared/permissions'
import { PRESETS_MAX } from './queries'

interface CreatePreset {
  actor: Person
  name: string
  permissions: readonly string[]
}

interface UpdatePreset {
  actor: Person
  id: string
  /** What is left out stays. */
  name?: string | undefined
  permissions?: readonly string[] | undefined
}

/** @throws {AppError} `request.invalid` (the name is taken), `permission_preset.limit_reached` */
export async function createPreset({ actor, name, permissions }: CreatePreset): Promise<PermissionPresetRow> {
  const { userId } = actor
  return orNameTaken(() =>
    useDrizzle().transaction(async (tx) => {
      // Two that count at the same moment would both find room.
      await tx.select({ id: users.id }).from(users).where(eq(users.id, userId)).for('update')
      if ((await tx.$count(permissionPresets, eq(permissionPresets.userId, userId))) >= PRESETS_MAX)
        throw new AppError('permission_preset.limit_reached', { values: { limit: PRESETS_MAX } })

      const values = { userId, name, permissions: storedOf(permissions) }
      const row = only(await tx.insert(permissionPresets).values(values).returning())
      await record(tx, actor, 'user:permission-preset.create', row)
      return row
    }),
  )
}

/**
 * Servers that were shared with its rights keep what they have: a preset is copied, not followed.
 *
 * @throws {AppError} `request.invalid` (the name is taken), `resource.not_found`
 */
export async function updatePreset({ actor, id, name, permissions }: UpdatePreset): Promise<PermissionPresetRow> {
  const isOwn = and(eq(permissionPresets.id, id), eq(permissionPresets.userId, actor.userId))
  return orNameTaken(() =>
    useDrizzle().transaction(async (tx) => {
      const [before] = await tx.select().from(permissionPresets).where(isOwn).for('update')
      if (!before) throw new AppError('resource.not_found')

      const wanted = {
        name: name ?? before.name,
        permissions: permissions ? storedOf(permissions) : before.permissions,
      }
      if (wanted.name === before.name && wanted.permissions === before.permissions) return before
      const row = only(await tx.update(permissionPresets).set(wanted).where(isOwn).returning())
      await record(tx, actor, 'user:permission-preset.update', row)
      return row
    }),
  )
}

/** @throws {AppError} `resource.not_found` */
export async function removePreset({ actor, id }: { actor: Person; id: string }): Promise<void> {
  await useDrizzle().transaction(async (tx) => {
    const isOwn = and(eq(permissionPresets.id, id), eq(permissionPresets.userId, actor.userId))
    const [row] = await tx.delete(permissionPresets).where(isOwn).returning()
    if (!row) throw new AppError('resource.not_found')
    await record(tx, actor, 'user:permission-preset.delete', row)
  })
}

/** In the order of the catalogue. What everybody is given needs no preset. */
function storedOf(names: readonly string[]): string {
  const asked = new Set(names)
  const kept = SERVER_PERMISSIONS.filter((name) => name !== 'websocket.connect' && asked.has(name))
  return z.encode(permissionPresetPermissions, kept)
}

async function orNameTaken<Row>(save: () => Promise<Row>): Promise<Row> {
  try {
    return await save()
  } catch (error) {
    throw isUniqueViolation(error, 'permission_presets_user_id_name_unique')
      ? refusedField('name', 'unique', 'The name has already been taken.')
      : error
  }
}

async function record(
  tx: Executor,
  actor: Person,
  event: 'user:permission-preset.create' | 'user:permission-preset.update' | 'user:permission-preset.delete',
  { name }: PermissionPresetRow,
): Promise<void> {
  await recordActivity(tx, { actor, event, target: { type: 'user', id: actor.userId }, properties: { name } })
}
