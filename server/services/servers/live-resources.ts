import { and, eq, inArray, or, sql } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { servers, serverSubusers, serverTransfers, wingsNodes } from '#server/database/schema'
import { AppError } from '#server/errors'
import { conflictOf } from '#server/policies/server-policy'
import { type LiveServer, liveStates, type Seen } from '#server/services/nodes/live-states'
import { wings, type WingsAddress } from '#server/wings/client'
import { tieOf } from './find-server'

/**
 * How old an answer about one server may be. The API's own figure is twenty seconds; five still spare the node, and show
 * what a power button did.
 */
const FRESH_MS = 5_000
const REMEMBERED_MAX = 5_000

const seenByServer = new Map<string, Seen>()
const underWay = new Map<string, Promise<LiveServer>>()

interface ReadLiveResources {
  server: { uuid: string }
  node: WingsAddress
}

/**
 * What one server uses right now, asked at most every five seconds for all who want to know.
 *
 * @throws {AppError} `node.unreachable`; `node.failed`, with 504 whatever the node answered
 */
export async function readLiveResources({ server: { uuid }, node }: ReadLiveResources): Promise<LiveServer> {
  const seen = newer(seenByServer.get(uuid), liveStates.lastSeen(node.id, uuid))
  if (seen && Date.now() - seen.atMs < FRESH_MS) return seen.server

  const asked = underWay.get(uuid) ?? ask(node, uuid).finally(() => underWay.delete(uuid))
  underWay.set(uuid, asked)
  return asked
}

async function ask(node: WingsAddress, uuid: string): Promise<LiveServer> {
  try {
    const server = await wings(node).servers.get(uuid)
    remember(uuid, { server, atMs: Date.now() })
    return server
  } catch (error) {
    throw asLiveFailure(error)
  }
}

/** Clients of this call know one status. */
function asLiveFailure(error: unknown): unknown {
  if (!(error instanceof AppError) || (error.code !== 'node.refused' && error.code !== 'node.failed')) return error
  const { status, values } = error
  return new AppError('node.failed', {
    status: 504,
    values: { status, requestId: values.requestId ?? '<nil>' },
    cause: error,
  })
}

function remember(uuid: string, seen: Seen): void {
  if (seenByServer.size >= REMEMBERED_MAX) {
    const tooOld = Date.now() - FRESH_MS
    for (const [key, { atMs }] of seenByServer) if (atMs < tooOld) seenByServer.delete(key)
  }
  seenByServer.set(uuid, seen)
}

const newer = (one?: Seen, other?: Seen) => (one && (!other || one.atMs > other.atMs) ? one : other)

const isTransferring = sql<boolean>`exists (select 1 from ${serverTransfers} where ${serverTransfers.serverId} = ${servers.id} and ${serverTransfers.finishedAt} is null)`

interface ListLiveResources {
  actor: Person
  /** Eight characters or a uuid each. */
  references: readonly string[]
}

/**
 * The same for many servers, in the time of the slowest node that answers: each node is asked once. Null for a server whose
 * node does not say, that is in no condition to be looked at, or that does not exist for this person.
 */
export async function listLiveResources({
  actor,
  references,
}: ListLiveResources): Promise<Record<string, LiveServer | null>> {
  const found = await findServers(actor, references)
  const nodes = await findNodes(new Set(found.map(({ nodeId }) => nodeId)))
  const answers = new Map(await Promise.all(nodes.map(async (node) => [node.id, await liveStates.of(node)] as const)))
  const underMaintenance = new Set(nodes.filter(({ maintenanceMode }) => maintenanceMode).map(({ id }) => id))

  const live = (reference: string): LiveServer | null => {
    const server = found.find(({ identifier, uuid }) => reference === identifier || reference === uuid)
    const tie = server && tieOf(actor, server, { id: server.nodeId }, server.permissions)
    if (
      !server ||
      !tie ||
      conflictOf({ ...server, isNodeUnderMaintenance: underMaintenance.has(server.nodeId) }, tie, 'ready')
    )
      return null
    return answers.get(server.nodeId)?.get(server.uuid) ?? null
  }
  return Object.fromEntries(references.map((reference) => [reference, live(reference)]))
}

async function findServers(actor: Person, references: readonly string[]) {
  const wanted = [...new Set(references)]
  if (wanted.length === 0) return []

  return useDrizzle()
    .select({
      id: servers.id,
      uuid: servers.uuid,
      identifier: servers.identifier,
      ownerId: servers.ownerId,
      nodeId: servers.nodeId,
      status: servers.status,
      suspended: servers.suspended,
      isTransferring,
      permissions: serverSubusers.permissions,
    })
    .from(servers)
    .leftJoin(serverSubusers, and(eq(serverSubusers.serverId, servers.id), eq(serverSubusers.userId, actor.userId)))
    .where(or(inArray(servers.identifier, wanted), inArray(servers.uuid, wanted)))
}

async function findNodes(ids: Set<string>) {
  if (ids.size === 0) return []
  const { id, baseUrl, apiToken, allowInsecure, maintenanceMode } = wingsNodes
  return useDrizzle()
    .select({ id, baseUrl, apiToken, allowInsecure, maintenanceMode })
    .from(wingsNodes)
    .where(inArray(id, [...ids]))
}
