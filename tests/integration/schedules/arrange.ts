import { asc, eq } from 'drizzle-orm'
import { z } from 'zod'
import { useDrizzle } from '#server/database/client'
import { auditMetadata } from '#server/database/json'
import {
  auditEvents,
  scheduleRuns,
  scheduleRunTasks,
  serverSchedules,
  type ScheduleRow,
  type ServerRow,
  type UserRow,
} from '#server/database/schema'
import { request, signedInAs, type Caller, type Loose } from '../../support/api'
import { makeServer, makeUser } from '../../support/factories'

export interface Owned {
  owner: UserRow
  as: Caller
  server: ServerRow
  path: string
}

/** A server on a node that nobody asks, and its owner. */
export async function owned(values: Partial<ServerRow> = {}): Promise<Owned> {
  const owner = await makeUser()
  const server = await makeServer({ ownerId: owner.id, ...values })
  return { owner, as: await signedInAs(owner), server, path: `/api/client/servers/${server.identifier}/schedules` }
}

export const NIGHTLY = { name: 'Nightly', minute: '0', hour: '4', day_of_month: '*', month: '*', day_of_week: '*' }
export const SAY = { action: 'command', payload: 'say hello', time_offset: 0 }

export async function made({ as, path }: Owned, body: object = {}, tasks: object[] = []): Promise<Loose> {
  const { status, body: said } = await request(`POST ${path}`, { as, body: { ...NIGHTLY, is_active: true, ...body } })
  if (status !== 200) throw new Error(JSON.stringify(said))
  for (const task of tasks) {
    const added = await request(`POST ${path}/${said.attributes.id}/tasks`, { as, body: { ...SAY, ...task } })
    if (added.status !== 200) throw new Error(JSON.stringify(added.body))
  }
  return said.attributes
}

export async function viewed({ as, path }: Owned, id: number | string): Promise<Loose> {
  const { attributes } = (await request(`GET ${path}/${id}`, { as })).body
  return { ...attributes, tasks: attributes.relationships.tasks.data.map((task: Loose) => task.attributes) }
}

export const rowOf = async (id: number | string): Promise<ScheduleRow> =>
  (
    await useDrizzle()
      .select()
      .from(serverSchedules)
      .where(eq(serverSchedules.id, String(id)))
  )[0]!

/** Its time came so many seconds ago. */
export async function comesDue(id: number | string, secondsAgo = 1): Promise<void> {
  const nextRunAt = new Date(Date.now() - secondsAgo * 1000).toISOString()
  await useDrizzle()
    .update(serverSchedules)
    .set({ nextRunAt })
    .where(eq(serverSchedules.id, String(id)))
}

/** The runs of a schedule with their tasks, the oldest first. */
export async function runsOf(id: number | string) {
  const db = useDrizzle()
  const runs = await db
    .select()
    .from(scheduleRuns)
    .where(eq(scheduleRuns.scheduleId, String(id)))
    .orderBy(asc(scheduleRuns.id))
  return Promise.all(
    runs.map(async (run) => ({
      ...run,
      tasks: await db
        .select()
        .from(scheduleRunTasks)
        .where(eq(scheduleRunTasks.runId, run.id))
        .orderBy(asc(scheduleRunTasks.sequenceId)),
    })),
  )
}

export async function eventsOf({ server }: Owned) {
  const rows = await useDrizzle()
    .select()
    .from(auditEvents)
    .where(eq(auditEvents.serverId, server.id))
    .orderBy(asc(auditEvents.id))
  return rows.map((row) => ({ event: row.action, properties: z.decode(auditMetadata, row.metadata ?? '{}') }))
}
