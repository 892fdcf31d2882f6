import { usePool } from '#server/database/client'

/** A server with all that its description is made of, in the words of the database. */
export interface DescribedRow {
  id: string
  uuid: string
  name: string
  description: string | null
  suspended: boolean
  skip_scripts: boolean
  startup: string
  image: string
  egg_id: string
  allocation_id: string | null
  allocation_limit: number | null
  docker_labels: string
  crash_detection_enabled: boolean | null
  oom_disabled: boolean
  memory: number
  swap: number
  disk: number
  io: number
  cpu: number
  threads: string | null
  location: string | null
  /** id, ip, port; those on the asking node. */
  allocations: [string, string, number][] | null
  /** variable → value. */
  values: Record<string, string> | null
  mounts: { source: string; target: string; read_only: boolean }[] | null
  total: string
}

/** An egg with what it inherits already in place. */
export interface DescribedEgg {
  id: string
  uuid: string
  features: string | null
  file_denylist: string | null
  force_outgoing_ip: boolean
  config_files: string | null
  config_startup: string | null
  config_stop: string | null
  /** id, name in the environment, default. */
  variables: [string, string, string | null][] | null
}

const COLUMNS = `s.id, s.uuid, s.name, s.description, s.suspended, s.skip_scripts, s.startup, s.image, s.egg_id, s.allocation_limit,
  s.docker_labels, s.crash_detection_enabled, s.oom_disabled`

const DETAILS = `
  select page.*, l.memory, l.swap, l.disk, l.io, l.cpu, l.threads, location.short as location,
    (select json_agg(json_build_array(a.id, a.ip, a.port) order by a.id::bigint) from server_allocations a where a.server_id = page.id and a.node_id = $1) as allocations,
    (select json_object_agg(v.variable_id, v.value) from server_variables v where v.server_id = page.id) as values,
    (select json_agg(json_build_object('source', m.source, 'target', m.target, 'read_only', m.read_only) order by m.target)
      from mount_servers ms inner join mounts m on m.id = ms.mount_id
      inner join mount_nodes mn on mn.mount_id = m.id and mn.node_id = $1 where ms.server_id = page.id) as mounts
  from page
  inner join server_limits l on l.server_id = page.id
  inner join wings_nodes node on node.id = $1
  left join locations location on location.id = node.location_id
  order by page.id::bigint`

/** The target of a transfer is told of the port that is reserved there. */
const DEFAULT_PORT = `case when s.node_id = $1 then s.allocation_id else (select t.target_allocation_id from server_transfers t
  where t.server_id = s.id and t.target_node_id = $1 and t.finished_at is null) end`

// One statement each, prepared once for a connection: planning costs more than running them.
const BOOT_LIST = `with page as (select ${COLUMNS}, s.allocation_id, count(*) over () as total from servers s where s.node_id = $1 order by s.id::bigint limit $2 offset $3) ${DETAILS}`
const ONE_SERVER = `with page as (select ${COLUMNS}, ${DEFAULT_PORT} as allocation_id, 1 as total from servers s where s.id = $2) ${DETAILS}`

/** Of several levels of inheritance only one is allowed, so one join is all. The denylist of a parent always counts. */
const EGGS = `select e.id, e.uuid, coalesce(e.features, p.features) as features,
    case when p.id is null then e.file_denylist else p.file_denylist end as file_denylist, e.force_outgoing_ip,
    coalesce(e.config_files, p.config_files) as config_files, coalesce(e.config_startup, p.config_startup) as config_startup,
    coalesce(e.config_stop, p.config_stop) as config_stop,
    (select json_agg(json_build_array(v.id, v.env_variable, v.default_value) order by v.id::bigint) from egg_variables v where v.egg_id = e.id) as variables
  from eggs e left join eggs p on p.id = e.config_from where e.id = any($1)`

export async function loadBootList(
  nodeId: string,
  { page, size }: { page: number; size: number },
): Promise<DescribedRow[]> {
  const { rows } = await usePool().query<DescribedRow>({
    name: 'boot_list',
    text: BOOT_LIST,
    values: [nodeId, size, (page - 1) * size],
  })
  return rows
}

/** One server as the asking node sees it. */
export async function loadServer(nodeId: string, serverId: string): Promise<DescribedRow | undefined> {
  const { rows } = await usePool().query<DescribedRow>({
    name: 'described_server',
    text: ONE_SERVER,
    values: [nodeId, serverId],
  })
  return rows[0]
}

export async function loadEggs(ids: readonly string[]): Promise<Map<string, DescribedEgg>> {
  const { rows } = await usePool().query<DescribedEgg>({ name: 'described_eggs', text: EGGS, values: [ids] })
  return new Map(rows.map((egg) => [egg.id, egg]))
}
