import { and, eq, isNull } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { serverBackups, type BackupRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { objectStore } from '#server/object-store/client'
import { CONCURRENT_UPLOADS_USUAL } from '#shared/upload-parts'
import { placeOf, type ObjectPlace } from './object'
import { planParts } from './plan-parts'

interface SignUpload {
  backup: BackupRow
  /** Of the archive, bytes. Null: the node did not say. */
  size: number | null
}

interface SignedUpload {
  parts: string[]
  partSize: number
  concurrentUploads: number
}

/**
 * Where a node sends the parts of an archive. Asked again, for instance because the answer was lost, it goes on with the
 * same upload: a part that is sent twice replaces itself.
 *
 * @throws {AppError} `object_store.not_used`, `.size_missing`, `.upload_ended`, `.missing`, `.unreachable`, `.refused`
 */
export async function signUpload({ backup, size }: SignUpload): Promise<SignedUpload> {
  if (size === null) throw new AppError('object_store.size_missing')
  if (backup.completedAt !== null) throw new AppError('object_store.upload_ended')
  if (backup.disk !== 's3') throw new AppError('object_store.not_used')

  const place = await placeOf(backup)
  const uploadId = backup.uploadId ?? (await begin(backup, place))
  const { partSize, count, seconds } = planParts(size, place.store.partSizeBytes)
  const store = objectStore(place.store)
  const parts = await Promise.all(
    Array.from({ length: count }, (_, index) => store.presignPart(place.key, uploadId, index + 1, seconds)),
  )
  return { parts, partSize, concurrentUploads: place.store.concurrentUploads ?? CONCURRENT_UPLOADS_USUAL }
}

/** Its id is stored before anybody hears of it. Of two that begin at once, the second takes the first one's. */
async function begin({ id }: BackupRow, { store: configuration, key }: ObjectPlace): Promise<string> {
  const db = useDrizzle()
  const store = objectStore(configuration, configuration)
  const uploadId = await store.startUpload(key)
  const isFirst = and(
    eq(serverBackups.id, id),
    isNull(serverBackups.uploadId),
    isNull(serverBackups.completedAt),
    isNull(serverBackups.deletedAt),
  )
  const [stored] = await db.update(serverBackups).set({ uploadId }).where(isFirst).returning({ id: serverBackups.id })
  if (stored) return uploadId

  await store.abortUpload(key, uploadId)
  const [current] = await db.select().from(serverBackups).where(eq(serverBackups.id, id))
  if (!current?.uploadId || current.completedAt !== null) throw new AppError('object_store.upload_ended')
  return current.uploadId
}
