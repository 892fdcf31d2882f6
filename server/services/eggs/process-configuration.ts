import type { ProcessConfiguration, ServerSettings } from '#server/contracts/remote'
import { CONFIGURATION_PARSERS } from '#server/contracts/remote'
import { readJson } from '#shared/utils/read-json'
import { entryOf, UnreadableFile, type Tree } from '#shared/utils/tree'

interface Sources {
  /** The three texts of an egg, with what it inherits in place. */
  egg: { files: string | null; startup: string | null; stop: string | null }
  settings: ServerSettings
  flavour: 'pterodactyl' | 'pelican'
}

/**
 * What Wings is told about a server's process: when it counts as running, how it is stopped, which of its files are
 * written before a start. Nothing in it is ever null or missing, which would end the daemon.
 */
export function processConfiguration({ egg, settings, flavour }: Sources): ProcessConfiguration {
  const facts = factsOf(settings)
  return {
    startup: startupOf(egg.startup),
    stop: stopOf(egg.stop, flavour),
    configs: templatesOf(egg.files).map(({ replace, ...file }) => ({
      ...file,
      replace: replace.map(({ value, ...line }) => ({
        ...line,
        replace_with: typeof value === 'object' ? filled(value, facts) : value,
      })),
    })),
  }
}

// The files

/** A text around the names of facts: odd places are names. */
type Template = readonly string[]

interface FileTemplate {
  file: string
  parser: (typeof CONFIGURATION_PARSERS)[number]
  create_file?: boolean
  replace: { match: string; if_value?: string; value: Template | number | boolean }[]
}

const PARSERS = new Set<string>(CONFIGURATION_PARSERS)

/** Many servers share an egg: its text is read once. */
function remembered<Result>(read: (text: string) => Result): (text: string | null) => Result {
  const known = new Map<string, Result>()
  return (text) => {
    const key = text ?? ''
    const found = known.get(key)
    if (found !== undefined) return found
    const result = read(key)
    if (known.size >= 500) known.clear()
    known.set(key, result)
    return result
  }
}

/** A broken text stands for none: an egg that was imported long ago must not keep a node from starting. */
function treeOf(text: string): Tree | undefined {
  try {
    return text.trim() === '' ? undefined : readJson(text)
  } catch (error) {
    if (error instanceof UnreadableFile) return undefined
    throw error
  }
}

const templatesOf = remembered((text: string): FileTemplate[] => {
  const tree = treeOf(text)
  return tree?.kind === 'map' ? tree.entries.flatMap(({ key, value }) => fileTemplate(key, value)) : []
})

/** Without `find` there is nothing to do, and with a parser that is not known nothing that could be done. */
function fileTemplate(file: string, tree: Tree): FileTemplate[] {
  const find = entryOf(tree, 'find')
  const named = textOf(entryOf(tree, 'parser'))
  const parser = named === 'yml' ? 'yaml' : named
  if (find?.kind !== 'map' || !PARSERS.has(parser)) return []

  const created = entryOf(tree, 'create_file')
  const createFile =
    created?.kind === 'scalar' && typeof created.value === 'boolean' ? { create_file: created.value } : {}
  const replace = find.entries.flatMap(({ key: match, value }) => {
    if (value.kind === 'scalar') return [{ match, value: replacement(value.value) }]
    if (value.kind === 'list') return []
    return value.entries.flatMap(({ key, value: inner }) =>
      inner.kind === 'scalar' ? [{ match, if_value: key, value: replacement(inner.value) }] : [],
    )
  })
  return [
    {
      file: whole(file),
      parser: parser as FileTemplate['parser'],
      ...createFile,
      replace: replace.map((line) => ({ ...line, match: whole(line.match) })),
    },
  ]
}

const textOf = (tree: Tree | undefined): string =>
  tree?.kind === 'scalar' && typeof tree.value === 'string' ? tree.value : ''

/** Half a character is written as an escape that Go does not read. */
const whole = (text: string) => text.toWellFormed()

function replacement(value: string | number | boolean | null): Template | number | boolean {
  if (typeof value === 'boolean') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : [String(value)]
  return (value ?? '').split(/\{\{([\w.-]*)\}\}/)
}

const INTERFACE = 'config.docker.network.interface'

function filled(template: Template, facts: (path: string) => string): string {
  const text = template.map((part, index) => (index % 2 === 0 ? part : resolved(part, facts))).join('')
  return sealed(whole(text))
}

/** What is neither ours nor Wings' stays as it is: games have braces of their own. */
function resolved(path: string, facts: (path: string) => string): string {
  if (path.startsWith('server.') || path.startsWith('env.')) return facts(path)
  if (path === 'config.docker.interface' || path === INTERFACE) return `{{${INTERFACE}}}`
  return path.startsWith('config.') ? '' : `{{${path}}}`
}

/** Wings looks any other name up in its own configuration, its token included, wherever the braces came from: a variable's value, too. */
function sealed(text: string): string {
  const open = /\{\{(?=\s*config\b)(?!config\.docker\.network\.interface\}\})/gi
  let [before, after] = ['', text]
  while (before !== after) [before, after] = [after, after.replace(open, '')]
  return after
}

// The facts

/** Looks a name up in both dialects: Pterodactyl's own structure, and Pelican's path into what Wings is told. */
function factsOf(settings: ServerSettings): (path: string) => string {
  const { allocations, build, environment } = settings
  const usual: Record<string, string | number> = {
    SERVER_IP: allocations.default.ip,
    SERVER_PORT: allocations.default.port,
    SERVER_MEMORY: build.memory_limit,
  }
  const legacy: Record<string, string | number> = {
    'server.suspended': Number(settings.suspended),
    'server.rebuild': 0,
    'server.build.default.ip': allocations.default.ip,
    'server.build.default.port': allocations.default.port,
    'server.build.memory': build.memory_limit,
    'server.build.io': build.io_weight,
    'server.build.cpu': build.cpu_limit,
    'server.build.disk': build.disk_space,
    'server.build.image': settings.container.image,
    'server.build.oom_disabled': Number(build.oom_disabled),
    'server.service.egg': settings.egg.id,
    'server.service.skip_scripts': Number(settings.skip_egg_scripts),
  }

  return (path) => {
    const [, name] = /^(?:env|server\.build\.env|server\.environment)\.(.+)$/.exec(path) ?? []
    if (name !== undefined)
      return String(own(environment, name) ?? own(environment, name.toUpperCase()) ?? own(usual, name) ?? '')
    const known = own(legacy, path)
    if (known !== undefined) return String(known)
    const [, ip] = /^server\.build\.ports\.(.+)$/.exec(path) ?? []
    if (ip !== undefined) return (own(allocations.mappings, ip) ?? []).join(',')
    return inside(settings, path.slice('server.'.length))
  }
}

const own = <Value>(of: Record<string, Value>, name: string): Value | undefined =>
  Object.hasOwn(of, name) ? of[name] : undefined

function inside(settings: ServerSettings, path: string): string {
  let found: unknown = settings
  for (const name of path.split('.')) {
    found =
      typeof found === 'object' && found !== null && Object.hasOwn(found, name)
        ? (found as Record<string, unknown>)[name]
        : undefined
  }
  return typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean' ? String(found) : ''
}

// Start and stop

const startupOf = remembered((text: string): ProcessConfiguration['startup'] => {
  const tree = treeOf(text)
  const done = entryOf(tree, 'done')
  const markers = done?.kind === 'list' ? done.items : done ? [done] : []
  const stripAnsi = entryOf(tree, 'strip_ansi')
  return {
    done: markers.flatMap((marker) =>
      marker.kind === 'scalar' && marker.value !== null ? [whole(String(marker.value))] : [],
    ),
    user_interaction: [],
    strip_ansi: stripAnsi?.kind === 'scalar' && stripAnsi.value === true,
  }
})

const GRACEFUL: ReadonlySet<string> = new Set(['SIGINT', 'SIGTERM', 'SIGABRT'])

/**
 * A leading `^` means a signal, anything else a command. Pterodactyl's Wings hands Docker names of signals that Docker
 * refuses, so there a graceful one becomes Docker's own stop; `^C`, which it takes for a kill, is left to it.
 */
function stopOf(stop: string | null, flavour: Sources['flavour']): ProcessConfiguration['stop'] {
  const text = (stop ?? '').trim()
  if (text === '') return { type: 'stop', value: '' }
  if (!text.startsWith('^')) return { type: 'command', value: whole(stop ?? '') }

  const name = text.replace(/^\^+/, '').trim().toUpperCase()
  const signal = ['INT', 'TERM', 'ABRT', 'KILL'].includes(name) ? `SIG${name}` : name
  if (signal === '') return { type: 'stop', value: '' }
  return flavour === 'pterodactyl' && GRACEFUL.has(signal)
    ? { type: 'stop', value: '' }
    : { type: 'signal', value: signal }
}
