import { z } from 'zod'
import { count, eq } from 'drizzle-orm'
import type { BootList, ServerDescription, ServerSettings } from '#server/contracts/remote'
import { useDrizzle } from '#server/database/client'
import { eggFeatures, eggFileDenylist, serverDockerLabels } from '#server/database/json'
import { servers, type ServerRow, type WingsNodeRow } from '#server/database/schema'
import { processConfiguration } from '#server/services/eggs/process-configuration'
import { featureTexts } from '#shared/utils/egg-features'
import { loadBootList, loadEggs, loadServer, type DescribedEgg, type DescribedRow } from './load-descriptions'

/** All that Wings is ever told about a server. Two statements, however many servers. */
export async function describeServer(
  node: WingsNodeRow,
  server: Pick<ServerRow, 'id'>,
): Promise<ServerDescription | undefined> {
  const row = await loadServer(node.id, server.id)
  if (!row) return undefined
  const egg = (await loadEggs([row.egg_id])).get(row.egg_id)
  return egg && describe(row, egg, node)
}

/** A page of the node's servers in the order of their numbers, in every state. Page 0 is the first. */
export async function describeServersOf(
  node: WingsNodeRow,
  { page: asked, size }: { page: number; size: number },
): Promise<BootList> {
  const page = Math.max(1, asked)
  const rows = await loadBootList(node.id, { page, size })
  const described = await loadEggs([...new Set(rows.map((row) => row.egg_id))])
  const data = rows.flatMap((row) => {
    const egg = described.get(row.egg_id)
    return egg ? [{ uuid: row.uuid, ...describe(row, egg, node) }] : []
  })

  const total = rows[0] ? Number(rows[0].total) : page === 1 ? 0 : await totalOf(node)
  const first = (page - 1) * size + 1
  const [from, to] = rows.length > 0 ? [first, first + rows.length - 1] : [null, null]
  return {
    data,
    meta: { current_page: page, from, last_page: Math.max(1, Math.ceil(total / size)), per_page: size, to, total },
  }
}

async function totalOf(node: WingsNodeRow): Promise<number> {
  const [row] = await useDrizzle().select({ total: count() }).from(servers).where(eq(servers.nodeId, node.id))
  return row?.total ?? 0
}

function describe(row: DescribedRow, egg: DescribedEgg, node: WingsNodeRow): ServerDescription {
  const settings = settingsOf(row, egg)
  const configuration = processConfiguration({
    egg: { files: egg.config_files, startup: egg.config_startup, stop: egg.config_stop },
    settings,
    flavour: node.flavour ?? 'pterodactyl',
  })
  return { settings, process_configuration: configuration }
}

function settingsOf(row: DescribedRow, egg: DescribedEgg): ServerSettings {
  const allocations = row.allocations ?? []
  const [, ip = '127.0.0.1', port = 0] = allocations.find(([id]) => id === row.allocation_id) ?? []
  const mappings: Record<string, number[]> = {}
  for (const [, address, number] of allocations) (mappings[bare(address)] ??= []).push(number)

  return {
    id: Number(row.id),
    uuid: row.uuid,
    meta: { name: row.name, description: row.description ?? '' },
    suspended: row.suspended,
    invocation: row.startup,
    skip_egg_scripts: row.skip_scripts,
    environment: environmentOf(row, egg),
    labels: row.docker_labels === '{}' ? {} : z.decode(serverDockerLabels, row.docker_labels),
    allocations: { force_outgoing_ip: egg.force_outgoing_ip, default: { ip: bare(ip), port }, mappings },
    build: {
      memory_limit: row.memory,
      swap: row.swap,
      io_weight: row.io,
      cpu_limit: row.cpu,
      disk_space: row.disk,
      threads: row.threads,
      oom_disabled: row.oom_disabled,
      oom_killer: !row.oom_disabled,
    },
    ...(row.crash_detection_enabled !== null && { crash_detection_enabled: row.crash_detection_enabled }),
    mounts: row.mounts ?? [],
    egg: {
      id: egg.uuid,
      file_denylist:
        egg.file_denylist === null
          ? []
          : z.decode(eggFileDenylist, egg.file_denylist).filter((line) => line.trim() !== ''),
      features: egg.features === null ? {} : featureTexts(z.decode(eggFeatures, egg.features)),
    },
    container: { image: row.image },
  }
}

/** Text throughout: a number would arrive in the container with six decimals. */
function environmentOf(row: DescribedRow, egg: DescribedEgg): Record<string, string> {
  const environment: Record<string, string> = {}
  for (const [id, name, usual] of egg.variables ?? []) environment[name] = row.values?.[id] ?? usual ?? ''
  environment.STARTUP = row.startup
  environment.P_SERVER_UUID = row.uuid
  environment.P_SERVER_LOCATION = row.location ?? ''
  environment.P_SERVER_ALLOCATION_LIMIT = String(row.allocation_limit ?? '')
  return environment
}

/** Docker wants IPv6 without its brackets. */
const bare = (address: string) => address.replace(/^\[(.*)\]$/, '$1')
