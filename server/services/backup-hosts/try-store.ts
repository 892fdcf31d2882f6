import { randomUUID } from 'node:crypto'
import { AppError } from '#server/errors'
import { objectStore } from '#server/object-store/client'
import type { BackupHostCheck } from '#shared/contracts/application/backup-hosts'
import type { HostStore } from './host-store'

type Step = NonNullable<BackupHostCheck['step']>

/**
 * Does with a small object of its own what backups need: writes it, reads it, removes it, and begins an upload in parts and
 * aborts it. Says what the store said; nothing of it is left.
 */
export async function tryStore(configuration: HostStore): Promise<BackupHostCheck> {
  const begunAt = Date.now()
  const store = objectStore(configuration, configuration)
  const [key, text] = [`xyrapanel-check-${randomUUID()}`, randomUUID()]
  const steps: [Step, () => Promise<void>][] = [
    ['write', () => store.put(key, text)],
    ['read', async () => refuseOther(text, await store.get(key))],
    ['remove', () => store.remove(key)],
    ['upload', async () => store.abortUpload(key, await store.startUpload(key))],
  ]

  let hasWritten = false
  for (const [step, act] of steps) {
    try {
      await act()
      hasWritten ||= step === 'write'
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      if (hasWritten && step === 'read') await store.remove(key).catch(() => undefined)
      return { ok: false, ms: Date.now() - begunAt, step, error: said(error) }
    }
  }
  return { ok: true, ms: Date.now() - begunAt, step: null, error: null }
}

function refuseOther(written: string, read: string): void {
  if (read === written) return
  throw new AppError('object_store.refused', {
    values: { code: 'DifferentContent', said: 'What was read is not what was written.' },
  })
}

function said({ values: { code, said: sentence, trouble }, message }: AppError): string {
  return trouble === undefined && code === undefined ? message : [code, sentence, trouble].filter(Boolean).join(': ')
}
