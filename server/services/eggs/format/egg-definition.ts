/** What an egg file says, whatever its format. */
export interface EggDefinition {
  /** Only Pelican's files carry one. */
  uuid: string | null
  name: string
  author: string
  description: string | null
  tags: string[]
  /** Null where nothing is said: an egg with a parent then has the parent's. */
  features: string[] | null
  fileDenylist: string[] | null
  updateUrl: string | null
  /** Label and image; the first is the default. */
  dockerImages: Pair[]
  startup: string
  /** Name and command, the first being `startup`; null where there is only that one, without a name. */
  startupCommands: Pair[] | null
  /** Three JSON texts and the stop command, byte for byte. */
  config: Record<ConfigPart, string | null> & { stop: string | null }
  script: { install: string | null; container: string | null; entry: string | null }
  variables: VariableDefinition[]
}

export type Pair = [name: string, value: string]

export const CONFIG_PARTS = ['files', 'startup', 'logs'] as const
export type ConfigPart = (typeof CONFIG_PARTS)[number]

export interface VariableDefinition {
  name: string
  description: string
  envVariable: string
  defaultValue: string
  userViewable: boolean
  userEditable: boolean
  /** Laravel's rules, joined by `|`. */
  rules: string
  sort: number | null
}

export const EGG_FORMATS = ['PTDL_v1', 'PTDL_v2', 'PLCN_v1', 'PLCN_v2', 'PLCN_v3'] as const
export type EggFormat = (typeof EGG_FORMATS)[number]

export const isPelican = (format: EggFormat): boolean => format.startsWith('PLCN')
