import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'
import { parse, stringify } from 'yaml'
import type { ConfigFile } from './configuration.ts'
import { environmentOf, substituted } from './environment.ts'
import type { Flavour } from './options.ts'
import type { GameServer } from './server.ts'

const INTERFACE = '172.18.0.1'
type Replace = ConfigFile['replace'][number]

/** Before every start: the files of the game say what the panel wants. What cannot be read is left as it is. */
export async function writeConfigurationFiles(server: GameServer): Promise<void> {
  await Promise.all(server.configuration.files.map((file) => writeOne(server, file).catch(() => undefined)))
}

async function writeOne(server: GameServer, { parser, file, createFile, replace }: ConfigFile): Promise<void> {
  const { flavour } = server
  const name = flavour === 'pelican' ? substituted(file, environmentOf(server)) : file
  const path = join(server.root, normalize(`/${name}`))
  const present = await readFile(path, 'utf8').catch(() => null)
  if (present === null && flavour === 'pelican' && !createFile) return

  const wanted = replace.map((one) => ({ ...one, with: parser === 'file' ? one.with : resolved(one.with, flavour) }))
  const write = WRITERS[parser]
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, write ? write(present ?? '', wanted, flavour) : (present ?? ''))
}

/** All that Wings fills in itself; whatever else asks for its configuration comes to nothing here. */
function resolved(text: string, flavour: Flavour): string {
  return text.replace(/\{\{\s*config\.([\w.]+)\s*\}\}/g, (found, path: string) => {
    if (path === 'docker.interface' || path === 'docker.network.interface') return INTERFACE
    return flavour === 'pelican' ? found : ''
  })
}

const WRITERS: Record<string, (present: string, replace: Replace[], flavour: Flavour) => string> = {
  file: (present, replace) =>
    present
      .split('\n')
      .map((line) => replace.find((one) => line.startsWith(one.match))?.with ?? line)
      .join('\n'),
  properties: (present, replace) => withKeys(present, replace),
  ini: withSections,
  json: (present, replace, flavour) => `${JSON.stringify(withPaths(JSON.parse(present), replace, flavour), null, 4)}\n`,
  yaml: (present, replace, flavour) => stringify(withPaths(parse(present) ?? {}, replace, flavour)),
  yml: (present, replace, flavour) => stringify(withPaths(parse(present) ?? {}, replace, flavour)),
}

function withKeys(present: string, replace: Replace[]): string {
  const lines = present.split('\n').filter((line, index, all) => line !== '' || index < all.length - 1)
  for (const { match, ifValue, with: value } of replace) {
    const at = lines.findIndex((line) => line.split('=', 1)[0]?.trim() === match)
    const held = at < 0 ? null : lines[at]?.slice(lines[at].indexOf('=') + 1)
    if (ifValue !== null && held !== ifValue) continue
    if (at < 0) lines.push(`${match}=${value}`)
    else lines[at] = `${match}=${value}`
  }
  return `${lines.join('\n')}\n`
}

function withSections(present: string, replace: Replace[]): string {
  const sections = new Map<string, string>()
  let current = ''
  for (const line of present.split('\n')) {
    const opened = /^\[(.+)\]\s*$/.exec(line)
    if (opened) current = opened[1] ?? ''
    else sections.set(current, `${sections.get(current) ?? ''}${line === '' ? '' : `${line}\n`}`)
  }
  for (const one of replace) {
    const [, section = '', key = one.match] = /^\[?([^.\]]+(?:\.[^.\]]+)*?)\]?\.(.+)$/.exec(one.match) ?? []
    sections.set(section, withKeys(sections.get(section) ?? '', [{ ...one, match: key }]))
  }
  return [...sections].map(([section, body]) => (section === '' ? body : `[${section}]\n${body}`)).join('')
}

type Tree = Record<string, unknown>

function withPaths(tree: unknown, replace: Replace[], flavour: Flavour): unknown {
  for (const { match, ifValue, with: value } of replace) {
    const path = match.replaceAll(/\[(\d+)\]/g, '.$1').split('.')
    setPath(tree as Tree, path, (held) => {
      // Pterodactyl changes nothing where something stands, and sets where nothing does.
      const applies = ifValue === null || (flavour === 'pelican' ? String(held) === ifValue : held === undefined)
      return applies ? typed(value, held, flavour) : held
    })
  }
  return tree
}

function setPath(tree: Tree, [key = '', ...rest]: string[], change: (held: unknown) => unknown): void {
  if (key === '*') {
    for (const name of Object.keys(tree)) setPath(tree, [name, ...rest], change)
    return
  }
  if (rest.length === 0) {
    const value = change(tree[key])
    if (value !== undefined) tree[key] = value
    return
  }
  if (typeof tree[key] !== 'object' || tree[key] === null) tree[key] = {}
  setPath(tree[key] as Tree, rest, change)
}

/** Pterodactyl writes as a number what looks like one; Pelican keeps the kind that stands there. */
function typed(value: string, held: unknown, flavour: Flavour): unknown {
  if (value === 'true' || value === 'false') return value === 'true'
  const isInteger = /^-?\d+$/.test(value)
  return isInteger && (flavour === 'pterodactyl' || typeof held === 'number') ? Number(value) : value
}
