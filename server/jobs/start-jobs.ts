import { logger } from '#server/logger'
import { definitions } from './definitions'
import { ensureQueue, queue } from './queue'
import { timetable } from './timetable'

/** Lets this process take jobs, and keeps the timetable in PostgreSQL as it is written here. */
export async function startJobs(): Promise<void> {
  const opened = await queue()
  for (const job of definitions) {
    await ensureQueue(job)
    await opened.work(
      job.name,
      { batchSize: 4, pollingIntervalSeconds: 5, notifyPollingIntervalSeconds: 30 },
      async (jobs) => {
        const results = await Promise.allSettled(jobs.map(({ data }) => job.run(job.data.parse(data))))
        const failed = results.flatMap((result, index) =>
          result.status === 'rejected' ? [{ id: jobs[index]?.id, reason: result.reason as unknown }] : [],
        )
        for (const { id, reason } of failed)
          logger.warn({ err: reason, job: job.name, id }, 'a job failed and is tried again')
        if (failed.length > 0) throw failed[0]?.reason
      },
    )
  }

  const wanted = new Set(timetable.map(({ job }) => job.name))
  for (const { name } of await opened.getSchedules()) if (!wanted.has(name)) await opened.unschedule(name)
  for (const { job, cron } of timetable) await opened.schedule(job.name, cron, {}, { tz: 'UTC' })
}
