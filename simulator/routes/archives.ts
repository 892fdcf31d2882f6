import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { collect, layOut, packTarGz, unpack, UnknownFormat } from '../archive.ts'
import { list, struct, text } from '../decode.ts'
import { assertDiskSpace, diskLimitBytes, DiskFull } from '../disk.ts'
import { statOf, type FileStat } from '../file-stat.ts'
import { look, notFound, place } from '../files.ts'
import { empty, json, readJson, Refusal } from '../http.ts'
import type { GameServer } from '../server.ts'
import { packZip } from '../zip.ts'
import { serverRoute, type Route } from './route.ts'

const compression = struct({ root: text, files: list(text), name: text, extension: text })
const decompression = struct({ root: text, file: text })

const SEARCH = {
  shortest: 3,
  deepest: 8,
  skipped: ['node_modules', '.git', '.wine', 'appcache', 'depotcache', 'vendor'],
}

/** There is nothing in Node that could make these. */
const UNSUPPORTED = ['tar.bz2', 'tbz2', 'tar.xz', 'txz']

export const archiveRoutes: Route[] = [
  serverRoute('POST /api/servers/:server/files/compress', async ({ server, call }) => {
    const { root, files, name, extension } = readJson(call, compression)
    if (files.length === 0) throw new Refusal(422, 'No files were named.')
    const { absolute, relative } = place(server, root)
    const isPelican = server.flavour === 'pelican'
    if (isPelican && UNSUPPORTED.includes(extension)) throw new Refusal(599, `the simulated node makes no ${extension}`)

    for (const file of files) {
      const { stats } = await look(server, posix.join(relative, file))
      if (!stats && isPelican) throw new Error(`no such file: ${file}`)
    }
    const ignores = isPelican
      ? (path: string, isDirectory?: boolean) => server.isDenied(posix.join(relative, path), isDirectory)
      : undefined
    const entries = await collect(
      absolute,
      files.map((file) => posix.normalize(file)),
      ignores,
    )

    const isZip = isPelican && extension === 'zip'
    const archive = isZip ? packZip(entries) : packTarGz(entries)
    await assertDiskSpace(server, archive.length).catch((error: unknown) => {
      throw error instanceof DiskFull ? new Refusal(409, 'The disk of this server has no room for the archive.') : error
    })
    const stem =
      (isPelican && name) || `archive-${new Date().toISOString().slice(0, 19).replaceAll(':', '').replace('T', '-')}`
    const fileName = `${stem}.${isZip ? 'zip' : 'tar.gz'}`
    await writeFile(join(absolute, fileName), archive)
    const stat = await statOf(join(absolute, fileName), fileName, server.flavour)
    return json(200, isZip ? stat : { ...stat, mime: 'application/tar+gzip' })
  }),

  serverRoute('POST /api/servers/:server/files/decompress', async ({ server, call }) => {
    const { root, file } = readJson(call, decompression)
    const { absolute, stats } = await look(server, posix.join(root, file))
    if (!stats?.isFile()) throw notFound(server)
    try {
      const entries = unpack(file, await readFile(absolute))
      const isSingleGzip = /\.gz$/i.test(file) && !/\.tar\.gz$/i.test(file)
      if (!(isSingleGzip && server.flavour === 'pterodactyl'))
        await layOut(server, place(server, root).absolute, entries)
    } catch (error) {
      // Only a server with a limit is looked at closely enough.
      if (error instanceof UnknownFormat && diskLimitBytes(server) !== 0)
        throw new Refusal(400, 'The format of the archive is unknown.')
      throw error
    }
    return empty(204)
  }),

  serverRoute(
    'GET /api/servers/:server/files/search',
    async ({ server, call }) => {
      const pattern = call.query.get('pattern') ?? ''
      if (pattern.length < SEARCH.shortest) throw new Refusal(400, 'The search pattern must be at least 3 characters.')
      const { relative } = place(server, call.query.get('directory') ?? '')
      return json(200, await search(server, { base: relative, below: '', isWanted: wanted(pattern), depth: 0 }))
    },
    { only: 'pelican' },
  ),
]

interface Search {
  base: string
  below: string
  isWanted: (name: string) => boolean
  depth: number
}

async function search(server: GameServer, { base, below, isWanted, depth }: Search): Promise<FileStat[]> {
  if (depth > SEARCH.deepest) return []
  const entries = await readdir(join(server.root, base, below), { withFileTypes: true })
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = posix.join(below, entry.name)
      const own = isWanted(entry.name) ? [await statOf(join(server.root, base, path), path, server.flavour)] : []
      if (!entry.isDirectory() || SEARCH.skipped.includes(entry.name)) return own
      return [...own, ...(await search(server, { base, below: path, isWanted, depth: depth + 1 }))]
    }),
  )
  return found.flat()
}

function wanted(pattern: string): (name: string) => boolean {
  const low = pattern.toLowerCase()
  if (!/[*?]/.test(low)) return (name) => name.toLowerCase().includes(low)
  const expression = new RegExp(
    `^${low
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  )
  return (name) => expression.test(name.toLowerCase())
}
