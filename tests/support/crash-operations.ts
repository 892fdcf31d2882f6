import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { and, eq, isNull } from 'drizzle-orm'
import { expect } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { scheduleRuns, serverBackups, servers, serverSchedules, serverTransfers } from '#server/database/schema'
import { makeAllocation } from './factories'
import { becomes, type Answer, type CrashStage } from './crash-stage'

/** The server that something happens to. */
export interface Subject {
  name: string
  id: string
  uuid: string
  /** Made before the crash. */
  backup?: string
}

export interface Operation {
  prepare?: (stage: CrashStage, subject: Subject) => Promise<void>
  /** On a server that is installed, except where it is what makes one. */
  begin: (stage: CrashStage, subject: Subject) => Promise<Answer | null>
  /** What the panel asks of the node. */
  asks: (subject: Subject) => RegExp
  /** What the node says when it has done it; null where it says nothing. */
  reports: ((subject: Subject, others: readonly Subject[]) => RegExp) | null
  settles: (stage: CrashStage, subject: Subject, answer: Answer | null) => Promise<void>
}

const rowOf = async ({ name }: Subject) => {
  const rows = await useDrizzle().select().from(servers).where(eq(servers.name, name))
  expect(rows.length).toBeLessThan(2)
  return rows[0]
}

export const isOk = (answer: Answer | null) => answer !== null && answer.status < 300

export async function isNormal(stage: CrashStage, subject: Subject): Promise<void> {
  const row = await settled(
    stage,
    `${subject.name} is normal`,
    () => rowOf(subject),
    (found) => found?.status === null && found.installedAt !== null,
  )
  await becomes(
    `${subject.name} is known to its node, once`,
    () => stage.nodes[0].servers(),
    (held) => held.filter((uuid) => uuid === row?.uuid).length === 1,
  )
}

async function isGone(stage: CrashStage, subject: Subject): Promise<void> {
  await becomes(
    `${subject.name} is gone`,
    () => rowOf(subject),
    (found) => found === undefined,
  )
  await becomes(
    `${subject.name} is gone from its node`,
    () => stage.nodes[0].servers(),
    (held) => !held.includes(subject.uuid),
  )
}

/** What may be under way when a program dies. */
export const OPERATIONS: Record<string, Operation> = {
  create: {
    begin: async (stage, { name }) => stage.call('POST /api/application/servers', await stage.serverBody(name)),
    asks: () => /^POST \/api\/servers$/,
    reports: (_, others) =>
      new RegExp(`^POST /api/remote/servers/(?!${others.map(({ uuid }) => uuid).join('|')})[^/]+/install$`),
    async settles(stage, subject, answer) {
      // A fault after the commit may hide that it was made; a refusal may not.
      const isRefused = answer !== null && !isOk(answer)
      const row =
        isRefused &&
        (await becomes(
          'an answer',
          () => rowOf(subject),
          () => true,
        ))
      if (isRefused && (!row || answer.status !== 500)) return isGone(stage, subject)
      await isNormal(stage, subject)
    },
  },
  install: {
    begin: (stage, { id }) => stage.call(`POST /api/application/servers/${id}/reinstall`),
    asks: ({ uuid }) => new RegExp(`^POST /api/servers/${uuid}/reinstall$`),
    reports: ({ uuid }) => new RegExp(`^POST /api/remote/servers/${uuid}/install$`),
    settles: isNormal,
  },
  delete: {
    begin: (stage, { id }) => stage.call(`DELETE /api/application/servers/${id}`),
    asks: ({ uuid }) => new RegExp(`^DELETE /api/servers/${uuid}$`),
    reports: null,
    async settles(stage, subject, answer) {
      // Whoever was told nothing asks again.
      if (
        !isOk(answer) &&
        (await becomes(
          'an answer',
          () => rowOf(subject),
          () => true,
        ))
      )
        expect(await stage.call(`DELETE /api/application/servers/${subject.id}`)).toMatchObject({ status: 204 })
      await isGone(stage, subject)
    },
  },

  backup: {
    begin: (stage, { uuid }) => stage.call(`POST /api/client/servers/${uuid}/backups`, { name: 'In the crash' }),
    asks: ({ uuid }) => new RegExp(`^POST /api/servers/${uuid}/backup$`),
    reports: (_, others) => new RegExp(`^POST /api/remote/backups/(?!${backupsOf(others)})[^/]+$`),
    async settles(stage, subject, answer) {
      const rows = await settled(
        stage,
        `the backup of ${subject.name} is over`,
        () => useDrizzle().select().from(serverBackups).where(eq(serverBackups.serverId, subject.id)),
        (found) => found.every(({ completedAt }) => completedAt !== null),
      )
      expect(rows.length).toBeLessThanOrEqual(1)
      if (isOk(answer)) expect(rows).toHaveLength(1)
      for (const { uuid, isSuccessful } of rows) if (isSuccessful) expect(hasArchive(stage, subject, uuid)).toBe(true)
      await isNormal(stage, subject)
    },
  },
  restore: {
    async prepare(stage, subject) {
      const made = await stage.call(`POST /api/client/servers/${subject.uuid}/backups`, { name: 'Before the crash' })
      const uuid: string = made?.body.attributes.uuid
      await becomes(
        'the backup',
        () => stage.call(`GET /api/client/servers/${subject.uuid}/backups/${uuid}`),
        (answer) => answer?.body.attributes.is_successful === true,
      )
      subject.backup = uuid
    },
    begin: (stage, { uuid, backup }) =>
      stage.call(`POST /api/client/servers/${uuid}/backups/${backup}/restore`, { truncate: false }),
    asks: ({ uuid, backup }) => new RegExp(`^POST /api/servers/${uuid}/backup/${backup}/restore$`),
    reports: ({ backup }) => new RegExp(`^POST /api/remote/backups/${backup}/restore$`),
    async settles(stage, subject) {
      await isNormal(stage, subject)
      expect(hasArchive(stage, subject, subject.backup ?? '')).toBe(true)
    },
  },
  schedule: {
    async begin(stage, { id, uuid }) {
      const path = `POST /api/client/servers/${uuid}/schedules`
      const yearly = { minute: '0', hour: '4', day_of_month: '1', month: '1', day_of_week: '*' }
      const made = await stage.call(path, { name: 'In the crash', ...yearly, is_active: true })
      for (const payload of ['stop', 'kill'])
        await stage.call(`${path}/${made?.body.attributes.id}/tasks`, { action: 'power', payload, time_offset: 0 })
      await useDrizzle()
        .update(serverSchedules)
        .set({ nextRunAt: new Date(Date.now() - 1000).toISOString() })
        .where(eq(serverSchedules.serverId, id))
      // Has the panel look for what is due.
      return stage.call(path, { name: 'Beside it', ...yearly, is_active: false })
    },
    asks: ({ uuid }) => new RegExp(`^POST /api/servers/${uuid}/power$`),
    reports: null,
    async settles(stage, subject) {
      const isOfServer = eq(serverSchedules.serverId, subject.id)
      const runs = await settled(
        stage,
        `the run of ${subject.name} is over`,
        () =>
          useDrizzle()
            .select({ status: scheduleRuns.status, isBusy: serverSchedules.isProcessing })
            .from(scheduleRuns)
            .innerJoin(serverSchedules, and(eq(serverSchedules.id, scheduleRuns.scheduleId), isOfServer)),
        (found) => found.length > 0 && found.every(({ status, isBusy }) => status !== 'running' && !isBusy),
      )
      expect(runs).toHaveLength(1)
      const signals = stage.nodes[0].gate.passed(new RegExp(`^POST /api/servers/${subject.uuid}/power$`))
      // One that nobody knows the end of is not given again.
      expect(signals).toBeLessThanOrEqual(2)
      if (runs[0]?.status === 'succeeded') expect(signals).toBe(2)
    },
  },
  transfer: {
    async begin(stage, { id }) {
      const target = stage.nodes[1].row.id
      const port = await makeAllocation(target)
      const body = { node_id: Number(target), allocation_id: Number(port.id) }
      return stage.call(`POST /api/application/servers/${id}/transfer`, body)
    },
    asks: ({ uuid }) => new RegExp(`^POST /api/servers/${uuid}/transfer$`),
    reports: ({ uuid }) => new RegExp(`^POST /api/remote/servers/${uuid}/transfer/success$`),
    async settles(stage, subject) {
      const isOpen = and(eq(serverTransfers.serverId, subject.id), isNull(serverTransfers.finishedAt))
      await settled(
        stage,
        `the transfer of ${subject.name} is over`,
        () => useDrizzle().$count(serverTransfers, isOpen),
        (open) => open === 0,
      )
      const row = await rowOf(subject)
      expect(row?.status).toBeNull()
      await settled(
        stage,
        `${subject.name} lies on its node, and on no other`,
        () =>
          Promise.all(
            stage.nodes.map(async (node) => ((await node.servers()).includes(subject.uuid) ? node.row.id : '')),
          ),
        (holders) => holders.join('') === row?.nodeId,
      )
    },
  },
}

const backupsOf = (subjects: readonly Subject[]) => subjects.flatMap(({ backup }) => backup ?? []).join('|') || 'none'

/** Pterodactyl keeps all archives in one folder. */
const hasArchive = (stage: CrashStage, { uuid }: Subject, backup: string) =>
  ['', uuid].some((folder) => existsSync(join(stage.nodes[0].dataDir, 'backups', folder, `${backup}.tar.gz`)))

/** What does not settle by itself does so when a day has passed. */
async function settled<Value>(
  stage: CrashStage,
  what: string,
  ask: () => Promise<Value>,
  isSo: (value: Value) => boolean,
): Promise<Value> {
  try {
    return await becomes(what, ask, isSo, 3000)
  } catch {
    await stage.passDay()
    return becomes(what, ask, isSo)
  }
}
