import { eq } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { serverAllocations, servers, type ServerRow, type WingsNodeRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { forgetServer } from '#server/jobs/definitions/forget-server'
import { enqueue } from '#server/jobs/queue'
import { logger } from '#server/logger'
import { revokeAllAtServer } from '#server/services/access/revoke-access'
import { tellLater, tellNodes } from '#server/services/access/tell-nodes'
import { recordActivity } from '#server/services/activity/record-activity'
import { forgetObjects } from '#server/services/backups/forget-object'
import { listArchivesThatStay } from '#server/services/backups/list-archives-that-stay'
import { dropDatabasesLater, dropDatabasesOfServer } from '#server/services/databases/drop-databases-of-server'
import { otherHolders } from '#server/services/transfers/other-holders'
import { ANSWER_WITHIN_MS } from '#server/wings/servers'
import { lockServer } from './lock-server'
import { removeFromNode } from './remove-from-node'

interface DeleteServer {
  actor: Actor
  server: ServerRow
  node: WingsNodeRow
  /** Everything of ours goes whatever the node says; a job repeats what it could not be told. */
  force?: boolean
}

/** What is left for the database hosts where the node took its time. */
const HOSTS_AT_LEAST_MS = 1500

/**
 * The node is asked first, for four seconds at most; that it does not know the server is as good as done. Then its databases
 * are dropped. On any other answer, or silence, nothing of ours changes but backups whose archives are gone already and
 * databases that are, and a second try is safe.
 *
 * @throws {AppError} `node.unreachable`, `node.refused`, `node.failed`, `database.host_silent`, `database.host_refused`,
 * unless forced
 */
export async function deleteServer({ actor, server, node, force = false }: DeleteServer): Promise<void> {
  const begunAt = Date.now()
  const archives = await listArchivesThatStay(server, node)
  let isTold = true
  let isSilent = false
  try {
    await removeFromNode({ actor, server, node, archives })
  } catch (error) {
    if (!force) throw error
    isTold = false
    isSilent = error instanceof AppError && error.code === 'node.unreachable'
    logger.warn(
      { err: error, server: server.uuid, nodeId: node.id },
      'a server was deleted although its node could not be told; a job repeats it',
    )
  }

  const withinMs = Math.max(HOSTS_AT_LEAST_MS, begunAt + ANSWER_WITHIN_MS - Date.now())
  await dropDatabasesOfServer({ actor, server, withinMs }).catch((error: unknown) => {
    if (!force) throw error
    logger.warn(
      { err: error, server: server.uuid },
      'a server was deleted although its databases could not be dropped; a job repeats it',
    )
  })

  const toTell = await useDrizzle().transaction(async (tx) => {
    const current = await lockServer(tx, server.id)
    await recordActivity(tx, {
      actor,
      event: 'admin:server.delete',
      target: { type: 'server', id: server.id },
      subjects: [
        { type: 'user', id: current.ownerId },
        { type: 'node', id: node.id },
      ],
      properties: { name: current.name, uuid: current.uuid, forced: force },
    })
    // It may have moved while its node was asked.
    const isGone = isTold && current.nodeId === node.id
    const holders = [...(await otherHolders(tx, current)), ...(isGone ? [] : [current.nodeId, node.id])]
    // Gone from the node, it may still be held open over SFTP.
    const revoked = await revokeAllAtServer(tx, current)
    await tx.update(serverAllocations).set({ serverId: null }).where(eq(serverAllocations.serverId, server.id))
    await forgetObjects(tx, server.id)
    await dropDatabasesLater(tx, server.id)
    await tx.delete(servers).where(eq(servers.id, server.id))
    for (const nodeId of new Set(holders))
      await enqueue(tx, forgetServer, {
        nodeId,
        server: server.uuid,
        archives: nodeId === node.id && !isTold ? archives.map(({ uuid }) => uuid) : [],
      })
    await notify(tx, 'administration', { what: 'servers' })
    return revoked
  })
  // Whoever forces it has waited for a silent node already.
  await (isSilent ? tellLater(toTell) : tellNodes(toTell))
}
