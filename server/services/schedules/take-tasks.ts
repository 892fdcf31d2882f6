import { inArray, sql } from 'drizzle-orm'
import { sqlNow } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import {
  scheduleRuns,
  scheduleRunTasks,
  serverSchedules,
  servers,
  wingsNodes,
  type ServerRow,
  type WingsNodeRow,
} from '#server/database/schema'

/** So long nobody else looks at a task that was taken up and not begun. Who has died by then has done nothing of it. */
const HELD = sql`interval '30 seconds'`

export interface TakenTask {
  runId: string
  sequenceId: number
  action: string
  payload: string
  continueOnFailure: boolean
  onlyWhenOnline: boolean
  server: ServerRow
  node: WingsNodeRow
  /** What `beginTasks` knows by it that nobody else has taken it up since. */
  heldUntil: string
}

type Row = Omit<TakenTask, 'server' | 'node'> & { serverId: string; nodeId: string } & Record<string, unknown>

/** Takes up tasks whose time has come, the longest waiting first. Those of busy nodes are left to later. */
export async function takeTasks(limit: number, busyNodeIds: readonly string[]): Promise<TakenTask[]> {
  const db = useDrizzle()
  const { rows } = await db.execute<Row>(sql`
    with taken as (
      select t.run_id, t.sequence_id, s.only_when_online, v.id as server_id, v.node_id
        from ${scheduleRunTasks} t
        join ${scheduleRuns} r on r.id = t.run_id
        join ${serverSchedules} s on s.id = r.schedule_id
        join ${servers} v on v.id = s.server_id
       where t.status = 'waiting' and t.ready_at <= ${sqlNow} and v.node_id <> all(${sql.param([...busyNodeIds])}::text[])
       order by t.ready_at limit ${limit} for update of t skip locked)
    update ${scheduleRunTasks} t set ready_at = date_trunc('milliseconds', ${sqlNow} + ${HELD})
      from taken k where t.run_id = k.run_id and t.sequence_id = k.sequence_id
    returning t.run_id as "runId", t.sequence_id as "sequenceId", t.action, t.payload, t.ready_at as "heldUntil",
              t.continue_on_failure as "continueOnFailure", k.only_when_online as "onlyWhenOnline",
              k.server_id as "serverId", k.node_id as "nodeId"`)
  if (rows.length === 0) return []

  const [foundServers, foundNodes] = await Promise.all([
    db
      .select()
      .from(servers)
      .where(inArray(servers.id, [...new Set(rows.map(({ serverId }) => serverId))])),
    db
      .select()
      .from(wingsNodes)
      .where(inArray(wingsNodes.id, [...new Set(rows.map(({ nodeId }) => nodeId))])),
  ])
  const serverOf = new Map(foundServers.map((server) => [server.id, server]))
  const nodeOf = new Map(foundNodes.map((node) => [node.id, node]))
  return rows.flatMap(({ serverId, ...row }) => {
    const server = serverOf.get(serverId)
    // One that has just moved is taken up again, at its new home.
    const node = server && nodeOf.get(server.nodeId)
    return server && node ? [{ ...row, server, node }] : []
  })
}

export interface BegunTask {
  runId: string
  sequenceId: number
  /** Whether its server is in a state, and on the node, that it was taken up for. */
  isReady: boolean
}

/**
 * Marks tasks as begun, each for one only: of two that hold the same one the second finds it taken. What was not begun here
 * is not among the answers. From now on nobody carries it out again, whatever becomes of this process.
 */
export async function beginTasks(tasks: readonly TakenTask[]): Promise<BegunTask[]> {
  const held = tasks.map(({ runId, sequenceId, heldUntil, node }) => ({
    run: runId,
    sequence: sequenceId,
    held: heldUntil,
    node: node.id,
  }))
  const { rows } = await useDrizzle().execute<BegunTask & Record<string, unknown>>(sql`
    update ${scheduleRunTasks} t set status = 'running', started_at = ${sqlNow}
      from json_to_recordset(${JSON.stringify(held)}::json) h(run text, sequence int, held timestamp, node text)
      join ${scheduleRuns} r on r.id = h.run
      join ${serverSchedules} s on s.id = r.schedule_id
      join ${servers} v on v.id = s.server_id
     where t.run_id = h.run and t.sequence_id = h.sequence and t.status = 'waiting' and t.ready_at = h.held
       and r.status = 'running' and v.node_id = h.node
    returning t.run_id as "runId", t.sequence_id as "sequenceId", (v.status is null and not v.suspended) as "isReady"`)
  return rows
}
