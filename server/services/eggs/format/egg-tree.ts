import { readJson } from '#shared/utils/read-json'
import { listOf, mapOf, scalar, UnreadableFile, type Tree } from '#shared/utils/tree'
import { splitRules } from '#shared/utils/egg-variables'
import type { EggDefinition, Pair, VariableDefinition } from '#server/services/eggs/format/egg-definition'

/** What is written: Pterodactyl's format as JSON, Pelican's as either. */
export type WrittenAs = { format: 'PTDL_v2'; kind: 'json' } | { format: 'PLCN_v3'; kind: 'json' | 'yaml' }

const COMMENT = 'Exported by XyraPanel.'

/** An egg as a file of that format says it. */
export function eggTree(egg: EggDefinition, as: WrittenAs, exportedAt: string): Tree {
  const isPelican = as.format === 'PLCN_v3'
  const commands: Pair[] = egg.startupCommands ?? [['Default', egg.startup]]
  return mapOf([
    ['_comment', scalar(COMMENT)],
    [
      'meta',
      mapOf([
        ['version', scalar(as.format)],
        ['update_url', scalar(egg.updateUrl)],
      ]),
    ],
    ['exported_at', scalar(exportedAt)],
    ['name', scalar(egg.name)],
    ['author', scalar(egg.author)],
    ...(isPelican ? ([['uuid', scalar(egg.uuid)]] as const) : []),
    ['description', scalar(egg.description)],
    ...(isPelican
      ? ([
          ['icon', scalar(null)],
          ['tags', texts(egg.tags)],
        ] as const)
      : []),
    ['features', egg.features ? texts(egg.features) : isPelican ? listOf([]) : scalar(null)],
    ['docker_images', pairs(egg.dockerImages)],
    ['file_denylist', texts(egg.fileDenylist ?? [])],
    isPelican ? ['startup_commands', pairs(commands)] : ['startup', scalar(egg.startup)],
    [
      'config',
      mapOf([
        ['files', config(egg.config.files, as)],
        ['startup', config(egg.config.startup, as)],
        ['logs', config(egg.config.logs, as)],
        ['stop', scalar(egg.config.stop ?? '')],
      ]),
    ],
    [
      'scripts',
      mapOf([
        [
          'installation',
          mapOf([
            ['script', scalar(egg.script.install)],
            ['container', scalar(egg.script.container)],
            ['entrypoint', scalar(egg.script.entry)],
          ]),
        ],
      ]),
    ],
    ['variables', listOf(egg.variables.map((variable, index) => variableTree(variable, index, isPelican)))],
  ])
}

const texts = (items: string[]) => listOf(items.map(scalar))
const pairs = (items: Pair[]) => mapOf(items.map(([name, value]) => [name, scalar(value)]))

/** The very text in JSON; unfolded in YAML, where it is read by people. */
function config(text: string | null, { kind }: WrittenAs): Tree {
  if (kind === 'json') return scalar(text ?? '{}')
  try {
    return text ? readJson(text) : mapOf([])
  } catch (error) {
    if (error instanceof UnreadableFile) return scalar(text)
    throw error
  }
}

function variableTree(variable: VariableDefinition, index: number, isPelican: boolean): Tree {
  return mapOf([
    ['name', scalar(variable.name)],
    ['description', scalar(variable.description)],
    ['env_variable', scalar(variable.envVariable)],
    ['default_value', scalar(variable.defaultValue)],
    ['user_viewable', scalar(variable.userViewable)],
    ['user_editable', scalar(variable.userEditable)],
    ...(isPelican
      ? ([
          ['rules', texts(splitRules(variable.rules))],
          ['sort', scalar(variable.sort ?? index + 1)],
        ] as const)
      : ([
          ['rules', scalar(variable.rules)],
          ['field_type', scalar('text')],
        ] as const)),
  ])
}
