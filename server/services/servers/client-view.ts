import { and, eq, sql } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import {
  eggs,
  eggVariables,
  serverAllocations,
  serverBackups,
  serverLimits,
  servers,
  serverSubusers,
  serverTransfers,
  serverVariables,
  users,
  wingsNodes,
  type ServerLimitsRow,
  type ServerRow,
} from '#server/database/schema'
import { isKept, isListed } from '#server/services/backups/queries'

export interface ViewedAllocation {
  id: string
  ip: string
  alias: string | null
  port: number
  notes: string | null
}

export interface ViewedVariable {
  name: string
  description: string | null
  env: string
  usual: string | null
  value: string | null
  viewable: boolean
  editable: boolean
  rules: string | null
}

/** A server with all that the client API says of it. */
export interface ViewedServer {
  server: ServerRow
  limits: ServerLimitsRow
  node: {
    name: string
    fqdn: string
    daemonSftp: number
    sftpAlias: string | null
    maintenanceMode: boolean
    unreachableSince: string | null
    flavour: 'pterodactyl' | 'pelican' | null
  }
  egg: { uuid: string; name: string; features: string | null; icon: string | null }
  owner: { username: string }
  allocations: ViewedAllocation[]
  variables: ViewedVariable[]
  isTransferring: boolean
}

const allocationsOf = sql<
  ViewedAllocation[]
>`coalesce((select json_agg(json_build_object('id', a.id, 'ip', a.ip, 'alias', a.ip_alias, 'port', a.port, 'notes', a.notes) order by a.id::bigint)
  from ${serverAllocations} a where a.server_id = ${servers.id} and a.node_id = ${servers.nodeId}), '[]'::json)`

const variablesOf = sql<
  ViewedVariable[]
>`coalesce((select json_agg(json_build_object('name', v.name, 'description', v.description, 'env', v.env_variable, 'usual', v.default_value,
    'value', sv.value, 'viewable', v.user_viewable, 'editable', v.user_editable, 'rules', v.rules) order by v.sort nulls last, v.id::bigint)
  from ${eggVariables} v left join ${serverVariables} sv on sv.variable_id = v.id and sv.server_id = ${servers.id} where v.egg_id = ${servers.eggId}), '[]'::json)`

/** What every view of the client API selects, with its joins; the caller adds the condition. */
export function selectViews() {
  return useDrizzle()
    .select({
      server: servers,
      limits: serverLimits,
      node: {
        name: wingsNodes.name,
        fqdn: wingsNodes.fqdn,
        daemonSftp: wingsNodes.daemonSftp,
        sftpAlias: wingsNodes.sftpAlias,
        maintenanceMode: wingsNodes.maintenanceMode,
        unreachableSince: wingsNodes.unreachableSince,
        flavour: wingsNodes.flavour,
      },
      egg: { uuid: eggs.uuid, name: eggs.name, features: eggs.features, icon: eggs.icon },
      owner: { username: users.username },
      subuserPermissions: serverSubusers.permissions,
      allocations: allocationsOf,
      variables: variablesOf,
      isTransferring: sql<boolean>`exists (select 1 from ${serverTransfers} t where t.server_id = ${servers.id} and t.finished_at is null)`,
    })
    .from(servers)
    .innerJoin(serverLimits, eq(serverLimits.serverId, servers.id))
    .innerJoin(wingsNodes, eq(wingsNodes.id, servers.nodeId))
    .innerJoin(eggs, eq(eggs.id, servers.eggId))
    .innerJoin(users, eq(users.id, servers.ownerId))
    .leftJoin(
      serverSubusers,
      and(eq(serverSubusers.serverId, servers.id), eq(serverSubusers.userId, sql.placeholder('user'))),
    )
    .$dynamic()
}

const prepareOne = () =>
  selectViews()
    .where(eq(servers.id, sql.placeholder('server')))
    .prepare('server_view')

let one: ReturnType<typeof prepareOne> | undefined

export interface DetailedServer extends ViewedServer {
  /** Running and successful ones. */
  backupCount: number
}

/** One server, which a guard has let through. */
export async function viewServer(server: Pick<ServerRow, 'id'>): Promise<DetailedServer | undefined> {
  const [[found], backupCount] = await Promise.all([
    (one ??= prepareOne()).execute({ server: server.id, user: '' }),
    useDrizzle().$count(serverBackups, and(eq(serverBackups.serverId, server.id), isKept, isListed)),
  ])
  return found && { ...found, backupCount }
}
