import { and, count, eq, inArray, not, or, sql, type SQL } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { servers, serverSubusers } from '#server/database/schema'
import { mayAdminister } from '#server/policies/administration-policy'
import type { ServerTie } from '#server/policies/server-policy'
import { tieOf } from './find-server'
import { selectViews, type ViewedServer } from './client-view'
import { containsAny, matchesAnything } from './search-servers'

interface ListMyServers {
  actor: Person
  page: number
  size: number
  /** `shared` is ours: not his own. `admin`: those he is no owner or subuser of; `admin-all`: every one. Empty for whoever may not. */
  type?: 'owner' | 'shared' | 'admin' | 'admin-all' | undefined
  filters: Partial<Record<'uuid' | 'name' | 'description' | 'external_id' | '*', string>>
}

export type ListedServer = ViewedServer & { tie: ServerTie }

/** What is asked over and over, without a search: planning these costs more than running them. */
const isUsual = ({ actor, type, filters }: ListMyServers) =>
  (type === undefined || type === 'owner') && Object.keys(filters).length === 0 && !keyNarrows(actor)

const prepareUsual = (type: 'mine' | 'owner') => {
  const db = useDrizzle()
  const owner = eq(servers.ownerId, sql.placeholder('user'))
  const owned = db.select({ id: servers.id }).from(servers).where(owner)
  const shared = db
    .select({ id: serverSubusers.serverId })
    .from(serverSubusers)
    .where(eq(serverSubusers.userId, sql.placeholder('user')))
  const condition = type === 'owner' ? owner : inArray(servers.id, owned.unionAll(shared))
  return {
    rows: selectViews()
      .where(condition)
      .orderBy(sql`${servers.id}::bigint`)
      .limit(sql.placeholder('size'))
      .offset(sql.placeholder('offset'))
      .prepare(`my_servers_${type}`),
    total: db.select({ total: count() }).from(servers).where(condition).prepare(`my_servers_${type}_total`),
  }
}

const prepared: Partial<Record<'mine' | 'owner', ReturnType<typeof prepareUsual>>> = {}

export async function listMyServers(input: ListMyServers) {
  const { actor, page, size, type, filters } = input
  if (isUsual(input)) {
    const usual = (prepared[type === 'owner' ? 'owner' : 'mine'] ??= prepareUsual(type === 'owner' ? 'owner' : 'mine'))
    const [rows, [found]] = await Promise.all([
      usual.rows.execute({ user: actor.userId, size, offset: (page - 1) * size }),
      usual.total.execute({ user: actor.userId }),
    ])
    return {
      rows: rows.flatMap((row) => withTie(actor, row)),
      total: found?.total ?? 0,
      page,
      size,
    }
  }

  const db = useDrizzle()
  const condition = and(reach(actor, type), keyNarrows(actor), ...conditionsOf(filters))
  const [rows, total] = await Promise.all([
    selectViews()
      .where(condition)
      .orderBy(sql`${servers.id}::bigint`)
      .limit(size)
      .offset((page - 1) * size)
      .execute({ user: actor.userId }),
    db.$count(servers, condition),
  ])
  return {
    rows: rows.flatMap((row) => withTie(actor, row)),
    total,
    page,
    size,
  }
}

/** As a union of ids: with a plain `or` the planner reads all servers. */
function reach(actor: Person, type: ListMyServers['type']): SQL {
  const db = useDrizzle()
  const owned = db.select({ id: servers.id }).from(servers).where(eq(servers.ownerId, actor.userId))
  if (type === 'owner') return eq(servers.ownerId, actor.userId)

  const shared = db
    .select({ id: serverSubusers.serverId })
    .from(serverSubusers)
    .where(eq(serverSubusers.userId, actor.userId))
  if (type === 'shared') return inArray(servers.id, shared)
  const mine = inArray(servers.id, owned.unionAll(shared))
  if (type === undefined) return mine

  if (!mayAdminister(actor, 'servers', 'read')) return sql`false`
  const reachable =
    actor.isRootAdmin || actor.nodeIds === null ? sql`true` : inArray(servers.nodeId, [...actor.nodeIds, ''])
  return type === 'admin' ? (and(reachable, not(mine)) as SQL) : (or(reachable, mine) as SQL)
}

const keyNarrows = ({ door }: Person) =>
  door.kind === 'account-key' && door.servers ? inArray(servers.id, [...door.servers, '']) : undefined

function conditionsOf(filters: ListMyServers['filters']): SQL[] {
  const columns = {
    uuid: servers.uuid,
    name: servers.name,
    description: servers.description,
    external_id: servers.externalId,
  }
  return Object.entries(filters).map(([name, text]) =>
    name === '*' ? matchesAnything(text) : containsAny(columns[name as keyof typeof columns], text),
  )
}

function withTie(actor: Person, row: ViewedServer & { subuserPermissions: string | null }): ListedServer[] {
  const { server } = row
  const tie = tieOf(actor, server, { id: server.nodeId }, row.subuserPermissions)
  return tie ? [{ ...row, tie }] : []
}
