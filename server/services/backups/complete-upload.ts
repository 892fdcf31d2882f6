import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { useDrizzle } from '#server/database/client'
import { serverBackups, type BackupRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { objectStore, StoreRefusal } from '#server/object-store/client'
import { finishBackup } from './finish-backup'
import { placeOf } from './object'

/** What a node said of an archive that it has sent. */
export const uploadReport = z.object({
  backupId: z.string(),
  bytes: z.int(),
  checksum: z.string(),
  parts: z.array(z.object({ etag: z.string(), part_number: z.int() })),
})
export type UploadReport = z.output<typeof uploadReport>

/** Final, unlike a backup that was given up on: what was sent is not what the node says it sent. */
const BROKEN = 'upload_broken'

/** Some stores copy all parts into one object before they answer. */
const PATIENT_MS = 10 * 60_000

/**
 * Has the store put the parts together, and records how that went. Safe to repeat, also after a call of which only the
 * answer was lost: then the upload is unknown and the object is there.
 *
 * @returns whether the archive is whole; where it is not, the backup has failed
 * @throws {AppError} while the store cannot be asked: nothing is recorded, and it may be tried again
 */
export async function completeUpload(report: UploadReport, timeoutMs = PATIENT_MS): Promise<boolean> {
  const { backupId, bytes, checksum } = report
  const [backup] = await useDrizzle().select().from(serverBackups).where(eq(serverBackups.id, backupId))
  if (!backup || backup.deletedAt !== null) return false
  if (backup.isSuccessful) return true
  if (backup.failure === BROKEN) return false

  const isWhole = await putTogether(backup, report, timeoutMs)
  await finishBackup({
    backup,
    outcome: isWhole ? { isSuccessful: true, bytes, checksum } : { isSuccessful: false, failure: BROKEN },
  })
  return isWhole
}

async function putTogether(backup: BackupRow, { bytes, parts }: UploadReport, timeoutMs: number): Promise<boolean> {
  const { store: configuration, key } = await placeOf(backup)
  const store = objectStore(configuration)
  if (backup.uploadId && parts.length > 0) {
    const inOrder = parts.toSorted((one, other) => one.part_number - other.part_number)
    await store.completeUpload(key, backup.uploadId, inOrder, timeoutMs).catch((error: unknown) => {
      if (!isFinal(error)) throw error
    })
  }

  return (await store.sizeOf(key)) === bytes
}

/** Rights, haste and disorder of the store itself can be mended; what it says of the parts cannot. */
const MENDABLE = new Set([403, 408, 409, 429])

const isFinal = (error: unknown): boolean =>
  error instanceof StoreRefusal &&
  error.storeStatus >= 400 &&
  error.storeStatus < 500 &&
  !MENDABLE.has(error.storeStatus) &&
  !(error instanceof AppError && error.values.code === 'RequestTimeout')
