import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import { useDrizzle } from '#server/database/client'
import { auditMetadata } from '#server/database/json'
import { auditEvents, serverBackups, servers, type BackupRow } from '#server/database/schema'
import { request, type Loose } from '../../support/api'
import { makeAllocation } from '../../support/factories'
import { createServer, eventually, statusOf, type PanelWithNode } from '../../support/panel-with-node'

export interface Installed {
  id: string
  uuid: string
  identifier: string
  /** Of its backups. */
  path: string
}

/** A server of the owner on the simulated node, which may have that many backups. */
export async function installed(panel: PanelWithNode, limit = 5): Promise<Installed> {
  const allocation = await makeAllocation(panel.nodeId)
  const { body } = await createServer(panel, {
    allocation: { default: Number(allocation.id) },
    feature_limits: { databases: 0, backups: limit, allocations: 0 },
  })
  const { id, uuid, identifier } = body.attributes
  await eventually(statusOf(panel.callers.owner, identifier), (status) => status === null)
  return { id: String(id), uuid, identifier, path: `/api/client/servers/${identifier}/backups` }
}

export const rowOf = async (uuid: string): Promise<BackupRow | undefined> =>
  (await useDrizzle().select().from(serverBackups).where(eq(serverBackups.uuid, uuid)))[0]

export const serverRow = async ({ id }: Installed) =>
  (await useDrizzle().select().from(servers).where(eq(servers.id, id)))[0]!

/** Asked for by the owner, and reported by the node. */
export async function finished(panel: PanelWithNode, server: Installed, body: object = {}): Promise<Loose> {
  const made = await request(`POST ${server.path}`, { as: panel.callers.owner, body })
  if (made.status !== 200) throw new Error(`No backup: ${JSON.stringify(made.body)}`)
  const { uuid } = made.body.attributes
  const row = await eventually(
    () => rowOf(uuid),
    (found) => found?.completedAt != null,
  )
  return { ...made.body.attributes, row }
}

export const archiveOf = ({ wings }: PanelWithNode, server: Installed, backup: string) =>
  join(wings.dataDir, 'backups', wings.flavour === 'pelican' ? server.uuid : '', `${backup}.tar.gz`)

export const hasArchive = (panel: PanelWithNode, server: Installed, backup: string) =>
  existsSync(archiveOf(panel, server, backup))

/** A file of the server, as the game would write it. */
export const writeHere = ({ wings }: PanelWithNode, { uuid }: Installed, name: string, text: string) =>
  writeFile(join(wings.server(uuid).root, name), text)

/** What was written down of a server, as event and properties, the oldest first. */
export async function eventsOf({ id }: Pick<Installed, 'id'>, action?: string) {
  const rows = await useDrizzle()
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.serverId, id), action ? eq(auditEvents.action, action) : undefined))
    .orderBy(auditEvents.id)
  return rows.map((row) => ({ event: row.action, properties: z.decode(auditMetadata, row.metadata ?? '{}') }))
}
