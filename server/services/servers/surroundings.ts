import { z } from 'zod'
import { usePool } from '#server/database/client'
import { toIso } from '#server/database/utc-client'
import { eggFeatures } from '#server/database/json'
import { keptBriefly } from '#server/services/includes/kept-briefly'

/** Of the node that a server lives on, what its people are told. */
export interface ViewedNode {
  name: string
  fqdn: string
  daemonSftp: number
  sftpAlias: string | null
  maintenanceMode: boolean
  unreachableSince: string | null
  flavour: 'pterodactyl' | 'pelican' | null
}

export interface EggVariable {
  id: string
  name: string
  description: string | null
  env: string
  usual: string | null
  viewable: boolean
  editable: boolean
  rules: string | null
}

export interface ViewedEgg {
  uuid: string
  name: string
  features: string[] | null
  icon: string | null
  /** In the order in which they are shown. */
  variables: EggVariable[]
}

export interface Surroundings {
  nodes: ReadonlyMap<string, ViewedNode>
  eggs: ReadonlyMap<string, ViewedEgg>
}

type NodeTuple = [string, string, string, number, string | null, boolean, string | null, ViewedNode['flavour']]
type EggTuple = [string, string, string, string | null, string | null]
type VariableTuple = [string, string, string, string | null, string, string | null, boolean, boolean, string | null]

const STATEMENT = `select
  (select json_agg(json_build_array(id, name, fqdn, daemon_sftp, sftp_alias, maintenance_mode, unreachable_since, flavour))
    from wings_nodes where id = any($1)) as nodes,
  (select json_agg(json_build_array(id, uuid, name, features, icon)) from eggs where id = any($2)) as eggs,
  (select json_agg(json_build_array(egg_id, id, name, description, env_variable, default_value, user_viewable, user_editable, rules)
    order by sort nulls last, id::bigint) from egg_variables where egg_id = any($2)) as variables`

const nodesKept = keptBriefly<ViewedNode>(['administration', 'node'])
const eggsKept = keptBriefly<ViewedEgg>(['administration'])

/** The nodes and eggs of servers, where they are not in memory in one statement. */
export async function surroundingsOf(servers: readonly { nodeId: string; eggId: string }[]): Promise<Surroundings> {
  const nodes = nodesKept.look(servers.map(({ nodeId }) => nodeId))
  const eggs = eggsKept.look(servers.map(({ eggId }) => eggId))
  if (nodes.missing.length + eggs.missing.length > 0) {
    const { rows } = await usePool().query<{
      nodes: NodeTuple[] | null
      eggs: EggTuple[] | null
      variables: VariableTuple[] | null
    }>({ name: 'surroundings', text: STATEMENT, values: [nodes.missing, eggs.missing] })
    const [read] = rows
    const freshNodes = new Map((read?.nodes ?? []).map(nodeOf))
    const freshEggs = eggsBy(read?.eggs ?? [], read?.variables ?? [])
    nodesKept.keep(freshNodes)
    eggsKept.keep(freshEggs)
    for (const [id, node] of freshNodes) nodes.found.set(id, node)
    for (const [id, egg] of freshEggs) eggs.found.set(id, egg)
  }
  return { nodes: nodes.found, eggs: eggs.found }
}

function nodeOf([id, name, fqdn, daemonSftp, sftpAlias, maintenanceMode, since, flavour]: NodeTuple) {
  const unreachableSince = since === null ? null : toIso(since)
  return [id, { name, fqdn, daemonSftp, sftpAlias, maintenanceMode, unreachableSince, flavour }] as const
}

function eggsBy(rows: EggTuple[], variables: VariableTuple[]): Map<string, ViewedEgg> {
  const by = new Map<string, ViewedEgg>(
    rows.map(([id, uuid, name, features, icon]) => [
      id,
      { uuid, name, icon, features: features === null ? null : z.decode(eggFeatures, features), variables: [] },
    ]),
  )
  for (const [eggId, id, name, description, env, usual, viewable, editable, rules] of variables)
    by.get(eggId)?.variables.push({ id, name, description, env, usual, viewable, editable, rules })
  return by
}
