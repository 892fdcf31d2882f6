import { constants } from 'node:fs'
import { access, lstat, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'
import { Refusal } from './http.ts'
import type { GameServer } from './server.ts'

/** Nothing stands there. Pterodactyl does not recognize that and answers 500. */
export function notFound(server: GameServer): Error {
  return server.flavour === 'pelican'
    ? new Refusal(404, 'There is no such file on this server.')
    : new Error('no such file')
}

interface Place {
  absolute: string
  /** Without a slash at its head; empty for the root. */
  relative: string
}

/** A path that leads out of the server's folder: some operations refuse it, others take the root for it. */
export function place(server: GameServer, path: string, outside: 'refused' | 'root' = 'refused'): Place {
  const tidy = posix.normalize(path.replace(/^\/+/, '') || '.').replace(/\/+$/, '')
  const isOutside = tidy === '..' || tidy.startsWith('../')
  if (path.includes('\0')) throw new Error('invalid argument')
  if (isOutside && outside === 'refused') throw new Error(`the path leads out of the server: ${path}`)

  const relative = isOutside || tidy === '.' ? '' : tidy
  return { absolute: join(server.root, relative), relative }
}

export function assertAllowed(server: GameServer, ...paths: string[]): void {
  const denied = paths.some((path) => server.isDenied(place(server, path, 'root').relative))
  if (denied) throw new Refusal(403, 'The egg of this server denies access to this file.')
}

/** What stands there; links are looked at, never followed, neither the last part of the path nor one on the way. */
export async function look(server: GameServer, path: string, outside: 'refused' | 'root' = 'refused') {
  const { absolute, relative } = place(server, path, outside)
  const parts = relative.split('/').slice(0, -1)
  for (const [index] of parts.entries()) {
    const onTheWay = await lstat(join(server.root, ...parts.slice(0, index + 1))).catch(() => null)
    if (onTheWay?.isSymbolicLink()) throw new Error(`a symbolic link stands on the way to ${path}`)
  }
  const stats = await lstat(absolute).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
    throw nameTooLong(error)
  })
  return { absolute, relative, stats }
}

export function nameTooLong(error: NodeJS.ErrnoException): Error {
  return error.code === 'ENAMETOOLONG' ? new Refusal(400, 'The name of the file is too long.') : error
}

export interface Rename {
  from: string
  to: string
}

/** A source that does not exist is passed over; a target that does is refused. */
export async function renameFiles(server: GameServer, root: string, files: Rename[]): Promise<void> {
  for (const { from, to } of files) {
    const source = await look(server, posix.join(root, from), 'root')
    const target = await look(server, posix.join(root, to), 'root')
    assertAllowed(server, source.relative, target.relative)
    if (!source.stats || source.relative === '') continue
    if (target.stats) throw new Refusal(400, 'Something stands at the destination already.')
    await mkdir(dirname(target.absolute), { recursive: true })
    await rename(source.absolute, target.absolute)
  }
}

/** `name copy.txt`, then `name copy 1.txt` and so on. */
export async function copyTarget(directory: string, name: string): Promise<string> {
  const dot = name.indexOf('.', 1)
  const [stem, ending] = dot < 0 ? [name, ''] : [name.slice(0, dot), name.slice(dot)]
  for (let count = 0; ; count += 1) {
    const path = join(directory, `${stem} copy${count === 0 ? '' : ` ${count}`}${ending}`)
    const isTaken = await access(path, constants.F_OK).then(
      () => true,
      () => false,
    )
    if (!isTaken) return path
  }
}

/** Pterodactyl refuses the root and knows no denied file; Pelican empties the root and spares what is denied. */
export async function deleteFile(server: GameServer, path: string): Promise<void> {
  const { absolute, relative, stats } = await look(server, path, 'root')
  if (server.flavour === 'pterodactyl') {
    if (relative === '') throw new Error('cannot delete the root of a server')
    return rm(absolute, { recursive: true, force: true })
  }
  if (!stats) throw notFound(server)
  await deleteUnlessDenied(server, relative)
}

/** True when nothing of it was spared. */
async function deleteUnlessDenied(server: GameServer, relative: string): Promise<boolean> {
  const absolute = join(server.root, relative)
  const stats = await lstat(absolute)
  if (relative !== '' && server.isDenied(relative, stats.isDirectory())) return false
  if (!stats.isDirectory()) {
    await rm(absolute, { force: true })
    return true
  }

  const names = await readdir(absolute)
  const gone = await Promise.all(names.map((name) => deleteUnlessDenied(server, posix.join(relative, name))))
  const isEmpty = gone.every(Boolean)
  if (isEmpty && relative !== '') await rm(absolute, { recursive: true, force: true })
  return isEmpty
}
