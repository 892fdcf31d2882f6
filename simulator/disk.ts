import { readdir, lstat } from 'node:fs/promises'
import { join } from 'node:path'
import type { GameServer } from './server.ts'

const MIB = 1_048_576

/** Bytes below a folder; 0 where there is none. */
export async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const sizes = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return sizeOf(path)
      return entry.isFile() ? (await lstat(path).catch(() => ({ size: 0 }))).size : 0
    }),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

export async function measureDisk(server: GameServer): Promise<number> {
  server.diskBytes = await sizeOf(server.root)
  return server.diskBytes
}

/** No limit at 0; a negative one refuses everything. */
export const diskLimitBytes = (server: GameServer) => server.configuration.settings.build.disk_space * MIB

export class DiskFull extends Error {}

/** @throws {DiskFull} when that much more would not fit */
export async function assertDiskSpace(server: GameServer, moreBytes = 0): Promise<void> {
  const limit = diskLimitBytes(server)
  const used = await measureDisk(server)
  if (limit !== 0 && used + moreBytes > limit) throw new DiskFull('not enough disk space for this server')
}
