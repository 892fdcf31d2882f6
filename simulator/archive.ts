import { chmod, lstat, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { Ignores } from './denylist.ts'
import { assertDiskSpace } from './disk.ts'
import type { GameServer } from './server.ts'
import { packTar, unpackTar, type Entry } from './tar.ts'
import { unpackZip } from './zip.ts'

const nothing: Ignores = () => false

/** All files at and below these paths, named relative to `base`. Links and empty folders are left out. */
export async function collect(base: string, paths: string[], ignores: Ignores = nothing): Promise<Entry[]> {
  const found = await Promise.all(
    paths.map(async (path): Promise<Entry[]> => {
      const absolute = join(base, path)
      const stats = await lstat(absolute).catch(() => null)
      if (!stats || (path !== '' && ignores(path, stats.isDirectory()))) return []
      if (stats.isFile()) return [{ path, bytes: await readFile(absolute), mode: stats.mode }]
      if (!stats.isDirectory()) return []
      const names = await readdir(absolute)
      return collect(
        base,
        names.toSorted().map((name) => posix.join(path, name)),
        ignores,
      )
    }),
  )
  return found.flat()
}

/** Lays files out below a folder, over what is there. @throws {DiskFull} */
export async function layOut(
  server: GameServer,
  folder: string,
  entries: Entry[],
  told?: (path: string) => void,
): Promise<void> {
  await assertDiskSpace(
    server,
    entries.reduce((sum, { bytes }) => sum + bytes.length, 0),
  )
  for (const { path, bytes, mode } of entries) {
    const target = join(folder, posix.normalize(`/${path}`))
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, bytes)
    await chmod(target, mode & 0o777)
    told?.(path)
  }
}

export const packTarGz = (entries: Entry[]) => gzipSync(packTar(entries), { level: 1 })
export const unpackTarGz = (archive: Buffer) => unpackTar(gunzipSync(archive))

export class UnknownFormat extends Error {}

/** By the name: what it holds. @throws {UnknownFormat} @throws {Error} when it is damaged */
export function unpack(name: string, archive: Buffer): Entry[] {
  if (/\.zip$/i.test(name)) return unpackZip(archive)
  if (/\.(tar\.gz|tgz)$/i.test(name)) return unpackTarGz(archive)
  if (/\.tar$/i.test(name)) return unpackTar(archive)
  if (/\.gz$/i.test(name)) return [{ path: name.replace(/\.gz$/i, ''), bytes: gunzipSync(archive), mode: 0o644 }]
  throw new UnknownFormat(`unknown archive format: ${name}`)
}
