import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { useDrizzle } from '#server/database/client'
import { backupHostConfiguration } from '#server/database/json'
import { only } from '#server/database/rows'
import { serverBackups, wingsNodes, type BackupRow } from '#server/database/schema'
import { definitions } from '#server/jobs/definitions/index'
import { wings } from '#server/wings/client'
import { PART_SIZE_MIN } from '#shared/upload-parts'
import type { Flavour } from '../../../simulator/wings.ts'
import { makeBackup, makeBackupHost } from '../../support/factories'
import { startObjectStore, STORE_KEYS } from '../../support/object-store'
import { createServer, eventually, panelWithNode, statusOf } from '../../support/panel-with-node'

/** More than two parts, and nothing that gets smaller by being packed. */
const WORLD_BYTES = 12 * 1024 ** 2

export const configurationAt = (endpoint: string, more: object = {}) =>
  z.encode(backupHostConfiguration, {
    ...STORE_KEYS,
    endpoint,
    usesPathStyle: true,
    storageClass: 'STANDARD_IA',
    partSizeBytes: PART_SIZE_MIN,
    concurrentUploads: 3,
    keysSetAt: null,
    ...more,
  })

/** A panel with a node, a server on it that has a large world, and a store for its backups. */
export async function panelWithStore(flavour: Flavour = 'pterodactyl') {
  const store = await startObjectStore()
  const panel = await panelWithNode(flavour, { restoreHosts: ['127.0.0.1'] })
  const { body } = await createServer(panel)
  const { id, uuid, identifier } = body.attributes as { id: number; uuid: string; identifier: string }
  await eventually(statusOf(panel.callers.owner, identifier), (status) => status !== 'installing')

  const root = join(panel.wings.dataDir, 'volumes', uuid)
  const world = randomBytes(WORLD_BYTES)
  await mkdir(root, { recursive: true })
  await writeFile(join(root, 'world.bin'), world)
  const host = await makeBackupHost({ configuration: configurationAt(store.url), nodeIds: [panel.nodeId] })
  const node = only(await useDrizzle().select().from(wingsNodes).where(eq(wingsNodes.id, panel.nodeId)))

  const begin = (more: Partial<BackupRow> = {}) =>
    makeBackup(String(id), {
      disk: 's3',
      backupHostId: host.id,
      nodeId: panel.nodeId,
      completedAt: null,
      isLocked: true,
      ...more,
    })
  return {
    ...panel,
    store,
    host,
    node,
    world,
    root,
    server: { id: String(id), uuid },
    /** A backup that is stored as running, of which the node knows nothing yet. */
    begin,
    /** One that the node makes. */
    make: async () => {
      const backup = await begin()
      await wings(node).backups.create(uuid, { uuid: backup.uuid, ignore: '', adapter: 's3' })
      return backup
    },
    keyOf: (backup: BackupRow) => `${uuid}/${backup.uuid}.tar.gz`,
    asNode: {
      headers: {
        authorization: `Bearer ${node.tokenIdentifier}.${node.tokenSecret}`,
        'user-agent': 'Pterodactyl Wings/v1.11.11 (id:test)',
      },
    },
    [Symbol.asyncDispose]: async () => {
      await panel[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
    },
  }
}

export type PanelWithStore = Awaited<ReturnType<typeof panelWithStore>>

export const rowOf = async ({ id }: BackupRow): Promise<BackupRow> =>
  only(await useDrizzle().select().from(serverBackups).where(eq(serverBackups.id, id)))

/** As soon as the node's report has been recorded. */
export const ended = (backup: BackupRow) =>
  eventually(
    () => rowOf(backup),
    ({ completedAt }) => completedAt !== null,
    15_000,
  )

/** What waits on the queue under this name, done now and here. What fails waits on. */
export async function runWaiting(name: string): Promise<number> {
  const job = definitions.find((one) => one.name === name)
  const { rows } = await useDrizzle().execute<{ id: string; data: unknown }>(
    sql`select id, data from pgboss.job where name = ${name} and state = 'created' order by created_on`,
  )
  for (const { id, data } of rows) {
    await job?.run(job.data.parse(data))
    await useDrizzle().execute(sql`delete from pgboss.job where id = ${id}`)
  }
  return rows.length
}
