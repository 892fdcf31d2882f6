import { z } from 'zod'
import {
  eggDockerImagePairs,
  eggFeatures,
  eggFileDenylist,
  eggSourceExtra,
  eggStartupCommandPairs,
  eggTags,
} from '#server/database/json'
import type { EggRow, EggVariableRow } from '#server/database/schema'
import type { EggDefinition, Pair, VariableDefinition } from '#server/services/eggs/format/egg-definition'
import type { EggSource } from '#server/services/eggs/format/print-egg-file'
import type { EggFile } from '#server/services/eggs/format/read-egg-file'

/** What an egg may take from others of its nest. */
export interface Inherited {
  /** Whose fields stand in for null ones. */
  parent: EggRow | null
  /** Whose install script is used. */
  scriptSource: EggRow | null
}

/** An egg as it works: with what it inherits in place. */
export function definitionOf(
  egg: EggRow,
  variables: readonly EggVariableRow[],
  { parent, scriptSource }: Inherited,
): EggDefinition {
  const script = scriptSource ?? egg
  return {
    uuid: egg.uuid,
    name: egg.name,
    author: egg.author,
    description: egg.description,
    tags: listOf(eggTags, egg.tags) ?? [],
    features: listOf(eggFeatures, egg.features) ?? listOf(eggFeatures, parent?.features ?? null),
    fileDenylist: listOf(eggFileDenylist, parent ? parent.fileDenylist : egg.fileDenylist),
    updateUrl: egg.updateUrl,
    dockerImages: imagesOf(egg),
    startup: egg.startup,
    startupCommands: egg.startupCommands === null ? null : z.decode(eggStartupCommandPairs, egg.startupCommands),
    config: {
      files: egg.configFiles ?? parent?.configFiles ?? null,
      startup: egg.configStartup ?? parent?.configStartup ?? null,
      logs: egg.configLogs ?? parent?.configLogs ?? null,
      stop: egg.configStop ?? parent?.configStop ?? null,
    },
    script: { install: script.scriptInstall, container: script.scriptContainer, entry: script.scriptEntry },
    variables: variables.map(variableOf),
  }
}

/** A text that another panel left behind may be anything: it costs its own feature, not the egg. */
const listOf = (codec: typeof eggTags, text: string | null): string[] | null => {
  const read = text === null ? undefined : z.safeDecode(codec, text)
  return read?.success ? read.data : null
}

export const imagesOf = ({ dockerImages, dockerImage }: Pick<EggRow, 'dockerImages' | 'dockerImage'>): Pair[] =>
  dockerImages === null ? [[dockerImage, dockerImage]] : z.decode(eggDockerImagePairs, dockerImages)

const variableOf = (row: EggVariableRow): VariableDefinition => ({
  name: row.name,
  description: row.description ?? '',
  envVariable: row.envVariable,
  defaultValue: row.defaultValue ?? '',
  userViewable: row.userViewable,
  userEditable: row.userEditable,
  rules: row.rules ?? '',
  sort: row.sort,
})

type EggValues = Pick<
  EggRow,
  | 'name'
  | 'author'
  | 'description'
  | 'tags'
  | 'features'
  | 'fileDenylist'
  | 'updateUrl'
  | 'dockerImage'
  | 'dockerImages'
  | 'startup'
  | 'startupCommands'
  | 'configFiles'
  | 'configStartup'
  | 'configLogs'
  | 'configStop'
  | 'scriptInstall'
  | 'scriptContainer'
  | 'scriptEntry'
>

/** The columns that a definition fills. Image and command stand twice, and are written here together. */
export function valuesOf(egg: EggDefinition): EggValues {
  return {
    name: egg.name,
    author: egg.author,
    description: egg.description,
    tags: z.encode(eggTags, egg.tags),
    features: egg.features && z.encode(eggFeatures, egg.features),
    fileDenylist: egg.fileDenylist && z.encode(eggFileDenylist, egg.fileDenylist),
    updateUrl: egg.updateUrl,
    dockerImage: egg.dockerImages[0]?.[1] ?? '',
    dockerImages: z.encode(eggDockerImagePairs, egg.dockerImages),
    startup: egg.startupCommands?.[0]?.[1] ?? egg.startup,
    startupCommands: egg.startupCommands && z.encode(eggStartupCommandPairs, egg.startupCommands),
    configFiles: egg.config.files,
    configStartup: egg.config.startup,
    configLogs: egg.config.logs,
    configStop: egg.config.stop,
    scriptInstall: egg.script.install,
    scriptContainer: egg.script.container,
    scriptEntry: egg.script.entry,
  }
}

export const variableValues = (variable: VariableDefinition) => ({
  name: variable.name,
  description: variable.description,
  envVariable: variable.envVariable,
  defaultValue: variable.defaultValue,
  userViewable: variable.userViewable,
  userEditable: variable.userEditable,
  rules: variable.rules,
  sort: variable.sort,
})

/** The file itself, so that an export is what was imported: order, spelling, remarks and keys that nobody here knows. */
export const sourceValues = ({ format, kind, text }: EggFile) => ({
  sourceFormat: format,
  sourceExtra: z.encode(eggSourceExtra, { kind, text }),
})

export function sourceOf({ sourceExtra }: Pick<EggRow, 'sourceExtra'>): EggSource | null {
  const read = sourceExtra === null ? undefined : z.safeDecode(eggSourceExtra, sourceExtra)
  const { kind, text } = read?.success ? read.data : {}
  return (kind === 'json' || kind === 'yaml') && typeof text === 'string' ? { kind, text } : null
}
