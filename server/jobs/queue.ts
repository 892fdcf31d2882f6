import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { fromDrizzle, PgBoss } from 'pg-boss'
import type { z } from 'zod'
import type { Executor } from '#server/database/client'
import { useEnv } from '#server/env'
import { logger } from '#server/logger'
import type { Job } from './define-job.ts'

let boss: Promise<PgBoss> | undefined
const queues = new Map<string, Promise<void>>()

/** One for the process. Its tables are its own schema, `pgboss`, which it makes and migrates by itself. */
export function queue(): Promise<PgBoss> {
  boss ??= open()
  return boss
}

async function open(): Promise<PgBoss> {
  const opened = new PgBoss({
    connectionString: useEnv().DATABASE_URL,
    application_name: 'xyra-jobs',
    max: 3,
    useListenNotify: true,
  })
  opened.on('error', (error) => logger.error({ err: error }, 'the job queue stumbled'))
  await opened.start()
  return opened
}

/** Makes the queue of a job where it is missing; once in a process. */
export function ensureQueue(job: Job): Promise<void> {
  const known = queues.get(job.name)
  if (known) return known
  const made = queue().then((opened) =>
    opened.createQueue(job.name, { policy: 'short', notify: true, ...patienceOf(job) }),
  )
  queues.set(job.name, made)
  return made
}

const FOR_GOOD = { retryLimit: 1_000_000, retentionSeconds: 10 * 365 * 86_400 }

const patienceOf = ({ retries }: Pick<Job, 'retries'>) => ({
  ...(retries === 'until_told' ? FOR_GOOD : { retryLimit: retries }),
  retryBackoff: true,
  retryDelay: 5,
  retryDelayMax: 900,
})

interface When {
  /** Seconds from now. */
  after?: number
  /** At most one of the same key waits. */
  key?: string
}

/** A job that waits, by which it can be taken back. */
interface Enqueued {
  name: string
  id: string
}

/** Puts a job on the queue in the caller's transaction: it exists exactly if what it is about exists. */
export async function enqueue<Data extends z.ZodType>(
  tx: Executor,
  job: Job<Data>,
  data: z.input<Data>,
  { after, key }: When = {},
): Promise<Enqueued | null> {
  await ensureQueue(job as unknown as Job)
  const opened = await queue()
  const id = await opened.send(job.name, job.data.parse(data) as object, {
    ...patienceOf(job),
    ...(after !== undefined && { startAfter: after }),
    singletonKey: key ?? randomUUID(), // of one key only one may wait, which is what this kind of queue holds
    db: fromDrizzle(tx, sql),
  })
  return id === null ? null : { name: job.name, id }
}

/** Takes back what waits. One that has run, or runs, is left alone. */
export async function withdraw({ name, id }: Enqueued): Promise<void> {
  const opened = await queue()
  await opened.cancel(name, id)
}

/** What a job may wait for, by the name of its id in the job's data. */
export const AWAITED = ['nodeId', 'databaseHostId'] as const

/**
 * Has everything that waits for a node, or for a database host, be tried now and as patiently as new: however long it was
 * away, nothing waits out the pause that its last try earned.
 */
export async function wakeJobs(
  tx: Executor,
  id: string,
  { waitingFor = 'nodeId' }: { waitingFor?: (typeof AWAITED)[number] } = {},
): Promise<void> {
  await queue()
  // The library moves single jobs, by id, and never their count of tries. The channel is the one its workers listen to.
  await tx.execute(sql`
    with woken as (
      update pgboss.job set start_after = now(), retry_count = 0
      where state < 'active' and start_after > now() and data ->> ${waitingFor} = ${id}
      returning name
    )
    select pg_notify('pgboss_' || left(encode(sha224('pgboss'::bytea), 'hex'), 24), name) from (select distinct name from woken) names`)
}

/** Lets running jobs end, for as long as `graceMs`. */
export async function closeQueue(graceMs = 5000): Promise<void> {
  const opened = await boss
  boss = undefined
  queues.clear()
  await opened?.stop({ graceful: true, timeout: graceMs })
}
