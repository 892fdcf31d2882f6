import { logger } from '#server/logger'
import type { Job } from './define-job'
import { definitions } from './definitions'
import { tellOfFailure } from '#server/services/processes/tell-of-failure'
import { ensureQueue, queue } from './queue'
import { timetable } from './timetable'

const USUALLY_FOUND_WITHIN = 30

/** Lets this process take jobs, and keeps the timetable in PostgreSQL as it is written here. */
export async function startJobs(): Promise<void> {
  const opened = await queue()
  for (const job of definitions) {
    await ensureQueue(job)
    await opened.work(
      job.name,
      {
        batchSize: 4,
        // Where nothing is announced, all is found by looking.
        pollingIntervalSeconds: Math.min(5, job.foundWithin ?? USUALLY_FOUND_WITHIN),
        notifyPollingIntervalSeconds: job.foundWithin ?? USUALLY_FOUND_WITHIN,
        perJobResults: true,
        includeMetadata: true,
      },
      // Each settles by itself: one that failed must not have those that were taken along done twice.
      (jobs) => Promise.all(jobs.map((one) => settle(job, one, one.retryCount >= one.retryLimit))),
    )
  }

  const wanted = new Set(timetable.map(({ job }) => job.name))
  for (const { name } of await opened.getSchedules()) if (!wanted.has(name)) await opened.unschedule(name)
  for (const { job, cron } of timetable) await opened.schedule(job.name, cron, {}, { tz: 'UTC' })
}

async function settle(job: Job, { id, data }: { id: string; data: unknown }, isLast: boolean) {
  try {
    await job.run(job.data.parse(data))
    return { id, status: 'completed' as const }
  } catch (error) {
    logger.warn({ err: error, job: job.name, id }, isLast ? 'a job failed' : 'a job failed and is tried again')
    if (isLast)
      await tellOfFailure(job.name).catch((err: unknown) => logger.error({ err }, 'nobody could be told of it'))
    return { id, status: 'failed' as const, output: { message: String(error) } }
  }
}
