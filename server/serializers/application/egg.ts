import { z } from 'zod'
import {
  eggDockerImagePairs,
  eggFeatures,
  eggFileDenylist,
  eggStartupCommandPairs,
  eggTags,
} from '#server/database/json'
import type { EggRow, EggVariableRow } from '#server/database/schema'
import type { egg, eggInFull, eggVariable } from '#shared/contracts/application/eggs'
import type { Wire } from '#shared/contracts/envelope'
import { itemOf, rawStampOf, stampOf } from '../envelope'

type Relationships = NonNullable<Wire<typeof egg>['attributes']['relationships']>
type JsonObject = Wire<typeof egg>['attributes']['config']['files']

/** Exactly what the API has always said of an egg. */
export function serializeEgg(row: EggRow, relationships?: Relationships): Wire<typeof egg> {
  return itemOf('egg', { ...attributesOf(row), ...(relationships && { relationships }) })
}

interface InFull {
  egg: EggRow
  nestName: string
  serversCount: number
}

export function serializeEggInFull(
  { egg: row, nestName, serversCount }: InFull,
  relationships?: Relationships,
): Wire<typeof eggInFull> {
  const commands = pairsOf(eggStartupCommandPairs, row.startupCommands) ?? [['Default', row.startup]]
  return itemOf('egg', {
    ...attributesOf(row),
    nest_name: nestName,
    icon: row.icon,
    tags: listOf(eggTags, row.tags) ?? [],
    features: listOf(eggFeatures, row.features),
    startup_commands: Object.fromEntries(commands),
    images: imagesOf(row).map(([label, image]) => ({ label, image })),
    commands: commands.map(([name, command]) => ({ name, command })),
    config_texts: { files: row.configFiles, startup: row.configStartup, logs: row.configLogs },
    update_url: row.updateUrl,
    force_outgoing_ip: row.forceOutgoingIp,
    update_available: row.updateAvailable,
    update_checked_at: row.updateCheckedAt && stampOf(row.updateCheckedAt),
    source_format: row.sourceFormat,
    servers_count: serversCount,
    ...(relationships && { relationships }),
  })
}

function attributesOf(row: EggRow) {
  return {
    id: Number(row.id),
    uuid: row.uuid,
    name: row.name,
    nest: Number(row.nestId),
    author: row.author,
    description: row.description,
    docker_image: row.dockerImage,
    docker_images: Object.fromEntries(imagesOf(row)),
    config: {
      ...configOf(row),
      file_denylist: listOf(eggFileDenylist, row.fileDenylist),
      extends: numberOf(row.configFrom),
    },
    startup: row.startup,
    script: {
      privileged: row.isScriptPrivileged,
      install: row.scriptInstall,
      entry: row.scriptEntry ?? '',
      container: row.scriptContainer ?? '',
      extends: numberOf(row.copyScriptFrom),
    },
    created_at: stampOf(row.createdAt),
    updated_at: stampOf(row.updatedAt),
  }
}

/** Parsed; an empty `startup` or `logs` has always been a list, an empty `files` an object. */
const configOf = (row: EggRow) => ({
  files: jsonOf(row.configFiles, {}),
  startup: jsonOf(row.configStartup, []),
  stop: row.configStop,
  logs: jsonOf(row.configLogs, []),
})

/** What counts for an egg with a parent, for the include `config`. */
export const serializeInheritedConfig = (egg: EggRow, parent: EggRow) => ({
  object: null,
  attributes: configOf({
    ...egg,
    configFiles: egg.configFiles ?? parent.configFiles,
    configStartup: egg.configStartup ?? parent.configStartup,
    configStop: egg.configStop ?? parent.configStop,
    configLogs: egg.configLogs ?? parent.configLogs,
  }),
})

/** The script that is used, for the include `script`. */
export const serializeInheritedScript = (egg: EggRow, source: EggRow) => ({
  object: null,
  attributes: {
    privileged: egg.isScriptPrivileged,
    install: source.scriptInstall,
    entry: source.scriptEntry,
    container: source.scriptContainer,
  },
})

export const serializeEggVariable = (row: EggVariableRow): Wire<typeof eggVariable> =>
  itemOf('egg_variable', rawVariableOf(row))

/** As the API prints raw rows: with the moments of one. */
export const rawVariableOf = (row: EggVariableRow) => ({
  id: Number(row.id),
  egg_id: Number(row.eggId),
  name: row.name,
  description: row.description ?? '',
  env_variable: row.envVariable,
  default_value: row.defaultValue ?? '',
  user_viewable: row.userViewable,
  user_editable: row.userEditable,
  rules: row.rules ?? '',
  created_at: rawStampOf(row.createdAt),
  updated_at: rawStampOf(row.updatedAt),
  sort: row.sort,
})

const numberOf = (id: string | null) => (id === null ? null : Number(id))

const imagesOf = (row: EggRow): [string, string][] =>
  pairsOf(eggDockerImagePairs, row.dockerImages) ?? [[row.dockerImage, row.dockerImage]]

// A text that another panel left behind may be anything: it costs its own attribute, not the list.

const listOf = (codec: typeof eggTags, text: string | null): string[] | null => {
  const read = text === null ? undefined : z.safeDecode(codec, text)
  return read?.success ? read.data : null
}

const pairsOf = (codec: typeof eggDockerImagePairs, text: string | null): [string, string][] | null => {
  const read = text === null ? undefined : z.safeDecode(codec, text)
  return read?.success ? read.data : null
}

const parsed = z.codec(z.string(), z.union([z.record(z.string(), z.json()), z.array(z.json())]), {
  decode: (text, context) => {
    try {
      return JSON.parse(text) as JsonObject & object
    } catch {
      context.issues.push({ code: 'invalid_format', format: 'json', input: text, message: 'is not JSON' })
      return z.NEVER
    }
  },
  encode: (value) => JSON.stringify(value),
})

function jsonOf(text: string | null, empty: Record<string, never> | never[]): JsonObject {
  if (text === null) return null
  const read = z.safeDecode(parsed, text)
  if (!read.success) return text.trim() === '' ? empty : null
  return Object.keys(read.data).length === 0 ? empty : read.data
}
