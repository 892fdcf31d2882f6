import {
  any,
  bool,
  int,
  list,
  map,
  nullable,
  Panic,
  parseJson,
  struct,
  text,
  uint,
  type Decode,
  type Decoded,
} from './decode.ts'
import type { Flavour } from './options.ts'

/** Wings turns every value into text, numbers in a form that no start-up command expects. */
const variable: Decode<string> = (given, at) => {
  const value = any(given, at)
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return value.toFixed(6)
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

const mapping = struct({ ip: text, port: int })

const egg = (flavour: Flavour) => {
  const strict = struct({ id: text, file_denylist: list(text), features: map(list(text)) })
  const ofPterodactyl = struct({ id: text, file_denylist: list(text) })

  return (given: unknown, at: string): Decoded<typeof strict> => {
    if (flavour === 'pterodactyl') return { ...ofPterodactyl(given, at), features: {} }
    try {
      return strict(given, at)
    } catch {
      return { id: '', file_denylist: [], features: {} } // Pelican swallows a wrong type and goes on without.
    }
  }
}

const settingsOf = (flavour: Flavour) =>
  struct({
    id: flavour === 'pelican' ? int : any,
    uuid: text,
    meta: struct({ name: text, description: text }),
    suspended: bool,
    invocation: text,
    skip_egg_scripts: bool,
    environment: map(variable),
    labels: map(text),
    allocations: struct({ force_outgoing_ip: bool, default: nullable(mapping), mappings: map(list(int)) }),
    build: struct({
      memory_limit: int,
      swap: int,
      io_weight: uint,
      cpu_limit: int,
      disk_space: int,
      threads: text,
      oom_disabled: bool,
      oom_killer: bool,
    }),
    crash_detection_enabled: nullable(bool),
    mounts: list(struct({ source: text, target: text, read_only: bool })),
    egg: egg(flavour),
    container: struct({ image: text }),
  })

export type Settings = Decoded<ReturnType<typeof settingsOf>>

const replacement = struct({ match: any, if_value: any, replace_with: any })
const file = struct({
  parser: nullable(text),
  file: nullable(text),
  replace: nullable(list(replacement)),
  create_file: nullable(bool),
})

const process = struct({
  startup: struct({ done: list(nullable(text)), user_interaction: list(text), strip_ansi: bool }),
  stop: struct({ type: text, value: text }),
  configs: list(file),
})

export interface ConfigFile {
  parser: string
  file: string
  createFile: boolean
  replace: { match: string; ifValue: string | null; with: string }[]
}

export interface Configuration {
  settings: Settings
  done: string[]
  stripAnsi: boolean
  stop: { type: string; value: string }
  files: ConfigFile[]
}

/**
 * Reads `{ settings, process_configuration }` of one server.
 *
 * @throws {DecodeError} the server is skipped, or the operation fails
 * @throws {Panic} the daemon dies
 */
export function readConfiguration(given: unknown, flavour: Flavour): Configuration {
  const held = struct({ settings: settingsOf(flavour), process_configuration: nullable(process) })(given, '')
  const { settings, process_configuration: told } = held
  if (!told) throw new Panic('process_configuration is null')
  if (flavour === 'pelican' && !settings.allocations.default) throw new Panic('allocations.default is null')

  return {
    settings,
    done: told.startup.done.map((one) => one ?? panic('startup.done holds a null')),
    stripAnsi: told.startup.strip_ansi,
    stop: told.stop,
    files: told.configs.map((one) => readFile(one, flavour)),
  }
}

function readFile(
  { parser, file: path, replace, create_file: createFile }: Decoded<typeof file>,
  flavour: Flavour,
): ConfigFile {
  if (flavour === 'pterodactyl' && (parser === null || path === null || replace === null)) {
    return panic('a configuration file lacks parser, file or replace')
  }
  if (parser === null || path === null) throw new Error('a configuration file lacks parser or file')

  const list = replace ?? []
  // A match or a condition that is no text makes Wings drop the whole list of this file.
  const isReadable = list.every(
    (one) => typeof one.match === 'string' && (one.if_value === undefined || typeof one.if_value === 'string'),
  )
  return {
    parser,
    file: path,
    createFile: createFile ?? true,
    replace: isReadable
      ? list.map((one) => ({
          match: one.match as string,
          ifValue: (one.if_value as string | undefined) ?? null,
          with: replacementText(one.replace_with),
        }))
      : [],
  }
}

function replacementText(given: unknown): string {
  if (given === null || given === undefined) return '<nil>'
  return typeof given === 'object' ? '<invalid>' : String(given)
}

function panic(reason: string): never {
  throw new Panic(reason)
}

export function readDescription(body: string, flavour: Flavour): Configuration {
  return readConfiguration(parseJson(body), flavour)
}
