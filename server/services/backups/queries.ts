import { and, count, desc, eq, getTableColumns, gt, isNull, or, sql, sum } from 'drizzle-orm'
import { useDrizzle, type Executor } from '#server/database/client'
import { backupHosts, serverBackups, wingsNodes, type BackupRow, type ServerRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import type { Settings } from '#shared/contracts/settings'
import { getSettings } from '#server/services/settings/current-settings'

/** A backup, and where its archive lies. */
export interface ViewedBackup extends BackupRow {
  nodeName: string | null
  hostName: string | null
  /** On a node from which the server has moved on. */
  isLeftBehind: boolean
}

/** Running or successful: what counts towards a limit. */
export const isKept = or(isNull(serverBackups.completedAt), serverBackups.isSuccessful)

/** Deleted ones are hidden everywhere; only the throttle still sees them. */
export const isListed = isNull(serverBackups.deletedAt)

type Home = Pick<ServerRow, 'id' | 'nodeId'>

const selectViewed = ({ nodeId }: Home) =>
  useDrizzle()
    .select({
      ...getTableColumns(serverBackups),
      nodeName: wingsNodes.name,
      hostName: backupHosts.name,
      isLeftBehind: sql<boolean>`(${serverBackups.disk} <> 's3' and coalesce(${serverBackups.nodeId}, ${nodeId}) <> ${nodeId})`,
    })
    .from(serverBackups)
    .leftJoin(wingsNodes, eq(wingsNodes.id, sql`coalesce(${serverBackups.nodeId}, ${nodeId})`))
    .leftJoin(backupHosts, eq(backupHosts.id, serverBackups.backupHostId))
    .$dynamic()

/** The backup of this server that has this uuid. */
export async function findBackup(server: Home, uuid: string): Promise<ViewedBackup | undefined> {
  const [found] = await selectViewed(server)
    .where(and(eq(serverBackups.serverId, server.id), eq(serverBackups.uuid, uuid), isListed))
    .limit(1)
  return found
}

/** @throws {AppError} `resource.not_found` */
export async function getBackup(server: Home, uuid: string): Promise<ViewedBackup> {
  const found = await findBackup(server, uuid)
  if (!found) throw new AppError('resource.not_found')
  return found
}

interface Page {
  page: number
  size: number
}

/** The newest first, with what is known of all of them. */
export async function listBackups(server: Home, { page, size }: Page) {
  const { backups: throttle } = await getSettings()
  const db = useDrizzle()
  const ofServer = and(eq(serverBackups.serverId, server.id), isListed)
  const [rows, [all]] = await Promise.all([
    selectViewed(server)
      .where(ofServer)
      .orderBy(desc(serverBackups.createdAt), desc(serverBackups.id))
      .limit(size)
      .offset((page - 1) * size),
    db
      .select({
        total: count(),
        kept: sql<number>`count(*) filter (where ${isKept})`.mapWith(Number),
        bytes: sum(serverBackups.bytes).mapWith(Number),
        inTheWay: sql`(${inTheWay(db, server.id, throttle)})`.mapWith(serverBackups.createdAt),
      })
      .from(serverBackups)
      .where(ofServer),
  ])
  return {
    rows,
    total: all?.total ?? 0,
    page,
    size,
    kept: all?.kept ?? 0,
    bytes: all?.bytes ?? 0,
    nextPossibleAt: after(all?.inTheWay ?? null, throttle),
  }
}

type Throttle = Settings['backups']

/**
 * When a server may make its next backup; null: now. Deleted ones count, so that nobody makes and deletes without end.
 * Asked while the server is held.
 */
export async function nextPossibleAt(tx: Executor, serverId: string, throttle: Throttle): Promise<string | null> {
  const [found] = await inTheWay(tx, serverId, throttle)
  return after(found?.createdAt ?? null, throttle)
}

/** Of those made lately the one that has to grow old before there is room for another. */
function inTheWay(tx: Executor, serverId: string, { throttleLimit, throttleSeconds }: Throttle) {
  const since = new Date(Date.now() - throttleSeconds * 1000).toISOString()
  return tx
    .select({ createdAt: serverBackups.createdAt })
    .from(serverBackups)
    .where(
      and(
        eq(serverBackups.serverId, serverId),
        gt(serverBackups.createdAt, since),
        isKept,
        throttleLimit === 0 ? sql`false` : undefined,
      ),
    )
    .orderBy(desc(serverBackups.createdAt))
    .limit(1)
    .offset(Math.max(0, throttleLimit - 1))
}

const after = (moment: string | null, { throttleSeconds }: Throttle) =>
  moment === null ? null : new Date(Date.parse(moment) + throttleSeconds * 1000).toISOString()
