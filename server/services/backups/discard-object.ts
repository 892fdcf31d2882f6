import { and, eq, isNull } from 'drizzle-orm'
import { z } from 'zod'
import { useDrizzle } from '#server/database/client'
import { serverBackups } from '#server/database/schema'
import { AppError } from '#server/errors'
import { findStore } from '#server/services/backup-hosts/host-store'
import { objectKey, removeFrom } from './object'

export const discarded = z.object({
  backupHostId: z.string().nullable(),
  /** Uuids, as server and backup may be gone. */
  server: z.string(),
  backup: z.string(),
  uploadId: z.string().nullable(),
})

/** Removes what a store may hold of a backup that failed or was deleted. What turned out well meanwhile stays. */
export async function discardObject({ backupHostId, server, backup, uploadId }: z.output<typeof discarded>) {
  const db = useDrizzle()
  const isKept = and(
    eq(serverBackups.uuid, backup),
    eq(serverBackups.isSuccessful, true),
    isNull(serverBackups.deletedAt),
  )
  if ((await db.$count(serverBackups, isKept)) > 0) return

  const store = await findStore(backupHostId)
  if (!store) throw new AppError('object_store.missing')
  await removeFrom({ store, key: objectKey(server, backup) }, uploadId)
  await db.update(serverBackups).set({ uploadId: null }).where(eq(serverBackups.uuid, backup))
}
