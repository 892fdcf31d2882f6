import { eq } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { serverBackups, type BackupRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { completeUpload as completeLater } from '#server/jobs/definitions/complete-upload'
import { enqueue } from '#server/jobs/queue'
import { logger } from '#server/logger'
import type { StoredPart } from '#server/object-store/client'
import { completeUpload } from './complete-upload'
import { finishBackup } from './finish-backup'
import { forgetObject } from './forget-object'

interface FinishUpload {
  backup: BackupRow
  outcome: { isSuccessful: true; bytes: number; checksum: string } | { isSuccessful: false }
  parts: StoredPart[] | null
}

/** A node gives up on us after 30 s and takes that for a refusal. */
const AT_ONCE_MS = 12_000
/** When the job begins, should this process not live to see the end. */
const LATER_SECONDS = 60

/**
 * Records what the node reports of an archive in an object store. That the parts have to be put together is committed
 * before the store is asked, so neither a store that is away nor a panel that is killed loses an archive: the node is told
 * that all is well, and a job goes on. Only an archive that never becomes whole is refused, and the node tells nobody of it.
 *
 * @throws {AppError} `object_store.upload_broken`
 */
export async function finishUpload({ backup, outcome, parts }: FinishUpload): Promise<void> {
  if (!outcome.isSuccessful) {
    await finishBackup({ backup, outcome })
    await forget(backup)
    return
  }

  const { bytes, checksum } = outcome
  const report = { backupId: backup.id, bytes, checksum, parts: parts ?? [] }
  const isOpen = await useDrizzle().transaction(async (tx) => {
    const [current] = await tx.select().from(serverBackups).where(eq(serverBackups.id, backup.id)).for('update')
    if (!current || current.isSuccessful) return false
    await enqueue(tx, completeLater, report, { after: LATER_SECONDS, key: backup.id })
    return true
  })
  if (!isOpen) return

  let isWhole: boolean
  try {
    isWhole = await completeUpload(report, AT_ONCE_MS)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    logger.warn({ err: error, backup: backup.uuid }, 'an upload could not be put together; a job repeats it')
    return
  }
  if (isWhole) return

  await forget(backup)
  throw new AppError('object_store.upload_broken')
}

const forget = (backup: BackupRow): Promise<void> => useDrizzle().transaction((tx) => forgetObject(tx, backup))
