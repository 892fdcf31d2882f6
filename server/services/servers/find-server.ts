import { and, eq, isNull, sql, type SQL } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { useDrizzle, useShortReads } from '#server/database/client'
import { subuserPermissions } from '#server/database/json'
import {
  servers,
  serverSubusers,
  serverTransfers,
  wingsNodes,
  type ServerRow,
  type WingsNodeRow,
} from '#server/database/schema'
import { mayAdminister, reachesNode } from '#server/policies/administration-policy'
import type { ServerTie } from '#server/policies/server-policy'
import { isServerPermission } from '#shared/permissions'
import { z } from 'zod'

export interface ServerWithNode {
  server: ServerRow
  /** Where the server lives now. */
  node: WingsNodeRow
  isTransferring: boolean
}

export interface ServerOf extends ServerWithNode {
  tie: ServerTie
}

const isOpen = sql<boolean>`exists (select 1 from ${serverTransfers} where ${serverTransfers.serverId} = ${servers.id} and ${serverTransfers.finishedAt} is null)`

const prepareFor = (by: SQL, name: string) =>
  useShortReads()
    .select({ server: servers, node: wingsNodes, isTransferring: isOpen, permissions: serverSubusers.permissions })
    .from(servers)
    .innerJoin(wingsNodes, eq(wingsNodes.id, servers.nodeId))
    .leftJoin(
      serverSubusers,
      and(eq(serverSubusers.serverId, servers.id), eq(serverSubusers.userId, sql.placeholder('user'))),
    )
    .where(by)
    .limit(1)
    .prepare(name)

type Query = ReturnType<typeof prepareFor>
let byIdentifier: Query | undefined
let byUuid: Query | undefined

/** What a server may be called in an address: by its eight characters, or by its uuid. */
export function keyOfReference(reference: string): 'identifier' | 'uuid' | undefined {
  if (/^[a-z0-9]{8}$/.test(reference)) return 'identifier'
  return /^[0-9a-f-]{36}$/.test(reference) ? 'uuid' : undefined
}

function queryOf(reference: string): Query | undefined {
  const key = keyOfReference(reference)
  if (key === 'identifier')
    return (byIdentifier ??= prepareFor(eq(servers.identifier, sql.placeholder('reference')), 'server_by_identifier'))
  if (key === 'uuid') return (byUuid ??= prepareFor(eq(servers.uuid, sql.placeholder('reference')), 'server_by_uuid'))
  return undefined
}

/**
 * The server behind eight characters or a uuid, with what ties this person to it. Undefined when it does not exist, or
 * not for him: nothing tells the two apart.
 */
export async function findServerFor(actor: Person, reference: string): Promise<ServerOf | undefined> {
  const [found] = (await queryOf(reference)?.execute({ reference, user: actor.userId })) ?? []
  if (!found) return undefined

  const { server, node, isTransferring, permissions } = found
  const tie = tieOf(actor, server, node, permissions)
  return tie && { server, node, isTransferring, tie }
}

/** What ties a person to a server, from its row, its node's and what the server's subuser row grants him, if he has one. */
export function tieOf(
  actor: Person,
  server: Pick<ServerRow, 'id' | 'ownerId'>,
  node: Pick<WingsNodeRow, 'id'>,
  permissions: string | null,
): ServerTie | undefined {
  const key = actor.door.kind === 'account-key' ? actor.door : undefined
  if (key?.servers && !key.servers.includes(server.id)) return undefined
  const narrowedTo = key?.permissions ?? null

  const administers = reachesNode(actor, node.id)
  if (administers && mayAdminister(actor, 'servers', 'write')) return { kind: 'administrator', narrowedTo }
  if (server.ownerId === actor.userId) return { kind: 'owner', narrowedTo }
  if (permissions !== null) {
    return {
      kind: 'subuser',
      permissions: z.decode(subuserPermissions, permissions).filter(isServerPermission),
      narrowedTo,
    }
  }
  if (administers && mayAdminister(actor, 'servers', 'read')) return { kind: 'observer', narrowedTo }
  return undefined
}

const NUMBER = /^[1-9][0-9]{0,17}$/

/** By the number of the application API. */
export async function findServerByNumber(number: string): Promise<ServerWithNode | undefined> {
  return NUMBER.test(number) ? findOne(eq(servers.id, number)) : undefined
}

/** The billing system's own id for it; exact. */
export async function findServerByExternalId(externalId: string): Promise<ServerWithNode | undefined> {
  return findOne(eq(servers.externalId, externalId))
}

async function findOne(by: SQL): Promise<ServerWithNode | undefined> {
  const [found] = await selectServers(by).limit(1)
  return found
}

/** Several at once, each with its node. */
export const findServers = (by: SQL): Promise<ServerWithNode[]> => selectServers(by)

const selectServers = (by: SQL) =>
  useShortReads()
    .select({ server: servers, node: wingsNodes, isTransferring: isOpen })
    .from(servers)
    .innerJoin(wingsNodes, eq(wingsNodes.id, servers.nodeId))
    .where(by)
    .$dynamic()

/** What a node may name: a server that lives on it; during a transfer, or after one, at both ends. */
export interface AlsoAtHome {
  during?: 'transfer'
  after?: 'transfer'
}

export async function findServerOfNode(
  node: WingsNodeRow,
  uuid: string,
  also: AlsoAtHome = {},
): Promise<ServerRow | undefined> {
  if (!/^[0-9a-f-]{36}$/.test(uuid)) return undefined
  const [found] = await useDrizzle().select().from(servers).where(eq(servers.uuid, uuid)).limit(1)
  if (!found || found.nodeId === node.id) return found
  if (!also.during && !also.after) return undefined

  const ofServer = eq(serverTransfers.serverId, found.id)
  const [transfer] = await useDrizzle()
    .select()
    .from(serverTransfers)
    .where(also.after ? ofServer : and(ofServer, isNull(serverTransfers.finishedAt)))
    .orderBy(sql`${serverTransfers.id} desc`)
    .limit(1)
  return transfer && [transfer.sourceNodeId, transfer.targetNodeId].includes(node.id) ? found : undefined
}
