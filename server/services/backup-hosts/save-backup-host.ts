import { and, eq, ne } from 'drizzle-orm'
import { z } from 'zod'
import type { Actor } from '#server/auth/actor'
import { useDrizzle, type Executor } from '#server/database/client'
import { isForeignKeyViolation, isUniqueViolation } from '#server/database/errors'
import { backupHostConfiguration } from '#server/database/json'
import { only } from '#server/database/rows'
import { backupHostNodes, backupHosts } from '#server/database/schema'
import { AppError, refusedField } from '#server/errors'
import { notify } from '#server/events/notify'
import { reachesAll, reachesNode } from '#server/policies/administration-policy'
import { changeOf } from '#server/services/activity/change-of'
import { recordActivity } from '#server/services/activity/record-activity'
import type { CreateBackupHostBody, UpdateBackupHostBody } from '#shared/contracts/application/backup-hosts'
import { configurationOf } from './host-columns'
import { getBackupHost, type BackupHostView } from './queries'

const refused = (error: unknown): never => {
  if (isUniqueViolation(error, 'backup_hosts_name_unique'))
    throw refusedField('name', 'unique', 'The name has already been taken.')
  if (isForeignKeyViolation(error)) throw refusedField('nodes', 'exists', 'The selected nodes is invalid.')
  throw error
}

/** @throws {AppError} `request.invalid` */
export function createBackupHost({
  actor,
  asked,
}: {
  actor: Actor
  asked: CreateBackupHostBody
}): Promise<BackupHostView> {
  const { name, kind, nodes, is_default: isDefault } = asked
  refuseBeyondReach(actor, { nodes, isDefault })
  const configuration = kind === 's3' ? configurationOf(asked) : null
  return useDrizzle()
    .transaction(async (tx) => {
      if (isDefault) await yieldDefault(tx)
      const { id } = only(await tx.insert(backupHosts).values({ name, kind, configuration, isDefault }).returning())
      await linkNodes(tx, id, nodes)
      await record(tx, actor, 'create', id, { name, kind, default: isDefault, nodes })
      return getBackupHost(actor, id, tx)
    })
    .catch(refused)
}

/** What is left out stays. A check of before says nothing about the store of now. @throws {AppError} `request.invalid` */
export function updateBackupHost({
  actor,
  view,
  asked,
}: {
  actor: Actor
  view: BackupHostView
  asked: UpdateBackupHostBody
}): Promise<BackupHostView> {
  const { host } = view
  return useDrizzle()
    .transaction(async (tx) => {
      const stored = only(await tx.select().from(backupHosts).where(eq(backupHosts.id, host.id)).for('update'))
      refuseBeyondReach(actor, { nodes: asked.nodes, isDefault: stored.isDefault || asked.is_default })
      const before = stored.configuration ? z.decode(backupHostConfiguration, stored.configuration) : undefined
      const configuration = before ? configurationOf(asked, before) : null
      if (asked.is_default) await yieldDefault(tx, host.id)
      await tx
        .update(backupHosts)
        .set({
          configuration,
          ...(asked.name !== undefined && { name: asked.name }),
          ...(asked.is_default !== undefined && { isDefault: asked.is_default }),
          ...(configuration !== stored.configuration && { checkedAt: null, failure: null }),
        })
        .where(eq(backupHosts.id, host.id))
      if (asked.nodes) await linkNodes(tx, host.id, asked.nodes)
      const saved = await getBackupHost(actor, host.id, tx)
      const [was, is] = [toldOf(view), toldOf(saved)]
      await record(tx, actor, 'update', host.id, {
        name: saved.host.name,
        ...changeOf(was, is, Object.keys(is) as (keyof typeof is)[]),
        keys_replaced: Boolean(asked.secret_access_key && asked.access_key_id),
      })
      return saved
    })
    .catch(refused)
}

/**
 * The default serves every node that has no other. Whoever is limited to nodes changes neither it nor what others have.
 *
 * @throws {AppError} `auth.forbidden`, `request.invalid`
 */
function refuseBeyondReach(
  actor: Actor,
  { nodes = [], isDefault = false }: { nodes?: readonly number[] | undefined; isDefault?: boolean | undefined },
): void {
  if (isDefault && !reachesAll(actor)) throw new AppError('auth.forbidden')
  if (!nodes.every((node) => reachesNode(actor, String(node))))
    throw refusedField('nodes', 'exists', 'The selected nodes is invalid.')
}

/** There is one default; an index would refuse a second. */
async function yieldDefault(tx: Executor, but = ''): Promise<void> {
  await tx
    .update(backupHosts)
    .set({ isDefault: false })
    .where(and(eq(backupHosts.isDefault, true), ne(backupHosts.id, but)))
}

async function linkNodes(tx: Executor, backupHostId: string, nodes: readonly number[]): Promise<void> {
  await tx.delete(backupHostNodes).where(eq(backupHostNodes.backupHostId, backupHostId))
  const links = [...new Set(nodes)].map((node) => ({ backupHostId, nodeId: String(node) }))
  if (links.length > 0) await tx.insert(backupHostNodes).values(links)
}

/** What the audit tells of a host: all but its keys. */
function toldOf({ host, nodes }: BackupHostView) {
  const store = host.configuration === null ? undefined : z.decode(backupHostConfiguration, host.configuration)
  return {
    name: host.name,
    default: host.isDefault,
    nodes: nodes.map(({ name }) => name),
    endpoint: store?.endpoint ?? null,
    region: store?.region ?? null,
    bucket: store?.bucket ?? null,
    path_style: store?.usesPathStyle ?? null,
    storage_class: store?.storageClass ?? null,
    part_size: store?.partSizeBytes ?? null,
    concurrent_uploads: store?.concurrentUploads ?? null,
  }
}

async function record(
  tx: Executor,
  actor: Actor,
  act: 'create' | 'update',
  id: string,
  properties: Record<string, unknown>,
): Promise<void> {
  const event = act === 'create' ? 'admin:backup-host.create' : 'admin:backup-host.update'
  await recordActivity(tx, { actor, event, target: { type: 'backup_host', id }, properties })
  await notify(tx, 'administration', { what: 'backup_hosts' })
}
