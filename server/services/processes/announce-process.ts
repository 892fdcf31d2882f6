import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { eq, gt, sql } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { now } from '#server/database/columns'
import { processes } from '#server/database/schema'
import { setLiveProcesses } from './live-processes'

const id = randomUUID()
const startedAt = new Date().toISOString()

/** Says that this process lives, and learns how many others do. Every 15 seconds; silent for a minute is dead. */
export async function announceProcess(version: string): Promise<void> {
  const db = useDrizzle()
  const seen = { memoryBytes: process.memoryUsage.rss(), lastSeenAt: now() }
  await db
    .insert(processes)
    .values({ id, host: hostname(), pid: process.pid, version, startedAt, ...seen })
    .onConflictDoUpdate({ target: processes.id, set: seen })
  setLiveProcesses(
    await db.$count(processes, gt(processes.lastSeenAt, sql`(now() at time zone 'utc') - interval '1 minute'`)),
  )
}

export async function withdrawProcess(): Promise<void> {
  await useDrizzle().delete(processes).where(eq(processes.id, id))
}
