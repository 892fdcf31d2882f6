import type { Stats } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { Flavour } from './options.ts'

export interface FileStat {
  name: string
  created: string
  modified: string
  mode: string
  mode_bits: string
  size: number
  directory: boolean
  file: boolean
  symlink: boolean
  mime: string
}

const MIMES: Record<string, string> = {
  '.jar': 'application/java-archive',
  '.json': 'application/json',
  '.zip': 'application/zip',
  '.gz': 'application/gzip',
  '.tar': 'application/x-tar',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.html': 'text/html; charset=utf-8',
  '.exe': 'application/vnd.microsoft.portable-executable',
}

/** This node lives two hours east of Greenwich: a panel that ignores the offset shows wrong times. */
const OFFSET_HOURS = 2

export function stamp(date: Date): string {
  const local = new Date(date.getTime() + OFFSET_HOURS * 3_600_000)
  return `${local.toISOString().slice(0, 19)}+0${OFFSET_HOURS}:00`
}

export async function statOf(absolute: string, name: string, flavour: Flavour): Promise<FileStat> {
  const stats = await lstat(absolute)
  return {
    name,
    created: stamp(stats.ctime),
    modified: stamp(stats.mtime),
    mode: `${kindOf(stats)}${permissionsOf(stats.mode)}`,
    mode_bits: (stats.mode & 0o777).toString(8),
    size: stats.size,
    directory: stats.isDirectory(),
    file: !stats.isDirectory(),
    symlink: flavour === 'pelican' && stats.isSymbolicLink(), // Pterodactyl never says so
    mime: stats.isDirectory() ? 'inode/directory' : mimeOf(name),
  }
}

export const mimeOf = (name: string) => MIMES[extname(name).toLowerCase()] ?? 'text/plain; charset=utf-8'

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'd'
  if (stats.isSymbolicLink()) return 'L'
  if (stats.isFIFO()) return 'p'
  if (stats.isSocket()) return 'S'
  return stats.isBlockDevice() || stats.isCharacterDevice() ? 'D' : '-'
}

function permissionsOf(mode: number): string {
  return [...'rwxrwxrwx'].map((letter, index) => (mode & (1 << (8 - index)) ? letter : '-')).join('')
}

/** Pelican: folders first, by name. Pterodactyl promises no order, so here it gives the wrong one. */
export async function listDirectory(absolute: string, flavour: Flavour): Promise<FileStat[]> {
  const names = await readdir(absolute)
  const stats = await Promise.all(names.map((name) => statOf(join(absolute, name), name, flavour)))
  const byName = stats.toSorted((one, other) => one.name.localeCompare(other.name))
  return flavour === 'pelican'
    ? byName.toSorted((one, other) => Number(other.directory) - Number(one.directory))
    : byName.toReversed()
}
