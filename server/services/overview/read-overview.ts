import { and, asc, desc, inArray, isNotNull, sql, type SQL } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { backupHosts, databaseHostNodes, databaseHosts, servers, wingsNodes } from '#server/database/schema'
import { reachable } from '#server/services/backup-hosts/queries'
import { mayAdminister } from '#server/policies/administration-policy'
import { WINDOWS } from '#server/services/nodes/metrics/windows'
import type { OVERVIEW_RESOURCES } from '#shared/permissions'

const { seconds: SECONDS, slots: SLOTS } = WINDOWS['1h']

const FAILED_SHOWN = 20

type Part = (typeof OVERVIEW_RESOURCES)[number]

/** How the panel stands for this administrator: one statement for each kind of list that he may see, one for all numbers. */
export async function readOverview(actor: Actor) {
  const may = (part: Part) => mayAdminister(actor, part, 'read')
  const [nodes, failed, backupHostsFailing, databaseHostsFailing, counts] = await Promise.all([
    may('nodes') ? nodesOf(actor) : null,
    may('servers') ? failedServersOf(actor) : null,
    may('backup_hosts') ? failing(backupHosts, reachable(actor)) : null,
    may('database_hosts') ? failing(databaseHosts, servesOnlyReached(actor)) : null,
    countsOf(actor, may),
  ])
  return { nodes, failed, backupHosts: backupHostsFailing, databaseHosts: databaseHostsFailing, counts }
}

export type FoundOverview = Awaited<ReturnType<typeof readOverview>>

const reaches = ({ isRootAdmin, nodeIds }: Actor, column: Parameters<typeof inArray>[0]): SQL | undefined =>
  isRootAdmin || nodeIds === null ? undefined : inArray(column, [...nodeIds, ''])

const nodesOf = (actor: Actor) =>
  useDrizzle()
    .select({
      id: wingsNodes.id,
      name: wingsNodes.name,
      maintenanceMode: wingsNodes.maintenanceMode,
      lastSeenAt: wingsNodes.lastSeenAt,
      unreachableSince: wingsNodes.unreachableSince,
      lastCheck: wingsNodes.lastCheck,
      flavour: wingsNodes.flavour,
      version: wingsNodes.version,
      // A statement within the statement, so that drizzle keeps the tables' names in it.
      serverCount: sql<number>`${sql`(select count(*)::int from ${servers} where ${servers.nodeId} = ${wingsNodes.id})`}`,
    })
    .from(wingsNodes)
    .where(reaches(actor, wingsNodes.id))
    .orderBy(asc(sql`lower(${wingsNodes.name})`), asc(wingsNodes.id))

const failedServersOf = (actor: Actor) =>
  useDrizzle()
    .select({ id: servers.id, identifier: servers.identifier, name: servers.name, node: wingsNodes.name })
    .from(servers)
    .innerJoin(wingsNodes, sql`${wingsNodes.id} = ${servers.nodeId}`)
    .where(and(inArray(servers.status, ['install_failed', 'reinstall_failed']), reaches(actor, servers.nodeId)))
    .orderBy(desc(servers.updatedAt), asc(servers.id))
    .limit(FAILED_SHOWN)

/** As with backup hosts: one that serves another node as well is for nobody who reaches only some. */
const servesOnlyReached = ({ isRootAdmin, nodeIds }: Actor): SQL | undefined =>
  isRootAdmin || nodeIds === null
    ? undefined
    : sql`not exists (select 1 from ${databaseHostNodes} l where l.database_host_id = ${databaseHosts}.id and l.node_id <> all(${sql.param([...nodeIds])}::text[]))`

const failing = (table: typeof backupHosts | typeof databaseHosts, condition: SQL | undefined) =>
  useDrizzle()
    .select({ id: table.id, name: table.name, failure: table.failure, checkedAt: table.checkedAt })
    .from(table)
    .where(and(isNotNull(table.failure), condition))
    .orderBy(asc(table.name))

interface Counts {
  servers: number | null
  running: number | null
  users: number | null
  eggs: number | null
  allocations: number | null
  failedMails: number | null
  lateJobs: number | null
}

async function countsOf(actor: Actor, may: (part: Part) => boolean): Promise<Counts> {
  const onServers = reaches(actor, sql`servers.node_id`)
  const onNodes = reaches(actor, sql`node_id`)
  const where = (condition: SQL | undefined) => (condition ? sql`where ${condition}` : sql``)
  const parts: [keyof Counts, Part, SQL][] = [
    ['servers', 'servers', sql`(select count(*) from servers ${where(onServers)})`],
    // What the charts are drawn from; a node that has not told for a minute does not count.
    [
      'running',
      'servers',
      sql`(select sum(newest.running_servers) from wings_nodes cross join lateral (
          select m.running_servers from node_metrics m where m.node_id = wings_nodes.id and m.resolution = ${SECONDS}
            and m.slot in (${lastSlots()}) and m.bucket_at > (now() at time zone 'utc') - interval '1 minute'
          order by m.bucket_at desc limit 1) newest
        ${where(reaches(actor, sql`wings_nodes.id`))})`,
    ],
    ['users', 'users', sql`(select count(*) from users)`],
    ['eggs', 'eggs', sql`(select count(*) from eggs)`],
    ['allocations', 'allocations', sql`(select count(*) from server_allocations ${where(onNodes)})`],
    [
      'failedMails',
      'health',
      sql`(select count(*) from mails where status = 'failed' and created_at > (now() at time zone 'utc') - interval '1 day')`,
    ],
    ...((await hasQueue())
      ? [
          [
            'lateJobs',
            'health',
            sql`(select count(*) from pgboss.job where state in ('created', 'retry') and start_after < now() - interval '5 minutes')`,
          ] satisfies [keyof Counts, Part, SQL],
        ]
      : []),
  ]
  const none: Counts = {
    servers: null,
    running: null,
    users: null,
    eggs: null,
    allocations: null,
    failedMails: null,
    lateJobs: null,
  }
  const seen = parts.filter(([, part]) => may(part))
  if (seen.length === 0) return none
  const columns = seen.map(([name, , count]) => sql`${count}::int as ${sql.identifier(name)}`)
  const { rows } = await useDrizzle().execute<Partial<Counts> & Record<string, unknown>>(
    sql`select ${sql.join(columns, sql`, `)}`,
  )
  return { ...none, ...rows[0] }
}

/** Of each node's ring the few that can be of the last minute: the rest is not read. */
function lastSlots(): SQL {
  const current = Math.floor(Date.now() / 1000 / SECONDS)
  const count = 60 / SECONDS + 1
  return sql.join(
    Array.from({ length: count }, (_, ago) => sql`${(current - ago) % SLOTS}`),
    sql`, `,
  )
}

let queueIsThere = false

/** The queue makes its own tables, with its first start. */
async function hasQueue(): Promise<boolean> {
  if (queueIsThere) return true
  const { rows } = await useDrizzle().execute<{ there: boolean }>(
    sql`select to_regclass('pgboss.job') is not null as there`,
  )
  queueIsThere = rows[0]?.there ?? false
  return queueIsThere
}
