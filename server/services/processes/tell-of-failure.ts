import { now } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { notifyAdministrators } from '#server/services/notifications/recipients'

/** Tells whoever looks after the panel that a job was given up: of one that fails each minute once a day. */
export async function tellOfFailure(job: string): Promise<void> {
  const dedupeKey = `job.failed:${job}:${now().slice(0, 10)}`
  await useDrizzle().transaction((tx) =>
    notifyAdministrators(tx, { resource: 'health' }, { kind: 'job.failed', slots: { job }, dedupeKey }),
  )
}
