import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { collect, layOut, packTarGz, unpackTarGz } from './archive.ts'
import type { Daemon } from './daemon.ts'
import { int, list, parseJson, struct, text } from './decode.ts'
import { gitignore } from './denylist.ts'
import { isOfflineWithin, stop } from './stop.ts'
import type { GameServer } from './server.ts'

/** Beyond it a timer fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

export type Adapter = 'wings' | 's3'

interface Part {
  etag: string
  part_number: number
}

/** Pterodactyl keeps all archives in one folder, whosever they are. */
export function archivePath(daemon: Daemon, server: GameServer, backup: string): string {
  const folder = join(daemon.dataDir, 'backups')
  return daemon.flavour === 'pelican' ? join(folder, server.uuid, `${backup}.tar.gz`) : join(folder, `${backup}.tar.gz`)
}

/** Archives and reports. A report that the panel refuses costs the archive, and nobody at the console hears of it. */
export async function makeBackup(
  daemon: Daemon,
  server: GameServer,
  backup: { uuid: string; adapter: Adapter; ignore: string },
): Promise<void> {
  const path = archivePath(daemon, server, backup.uuid)
  let report = { checksum: '', checksum_type: '', size: 0, successful: false, parts: null as Part[] | null }

  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, '')
    const ignore = backup.ignore || (await ignoreFile(server))
    const archive = packTarGz(await collect(server.root, [''], gitignore(ignore.split('\n'))))
    await writeFile(path, archive)
    const parts = backup.adapter === 's3' ? await upload(daemon, backup.uuid, archive) : null
    const checksum = createHash('sha1').update(archive).digest('hex')
    report = { checksum, checksum_type: 'sha1', size: archive.length, successful: true, parts }
  } catch (error) {
    daemon.log.push(`backup ${backup.uuid}: ${String(error)}`)
  }

  try {
    await daemon.panel.post(`/backups/${backup.uuid}`, report)
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
  // What it could not finish of an archive of its own stays.
  if (backup.adapter === 's3') await rm(path, { force: true })
  const told = {
    uuid: backup.uuid,
    is_successful: report.successful,
    checksum: report.checksum,
    checksum_type: report.checksum_type,
    file_size: report.size,
  }
  server.tell('backup completed', JSON.stringify(told))
}

async function ignoreFile(server: GameServer): Promise<string> {
  const name = server.flavour === 'pelican' ? '.pelicanignore' : '.pteroignore'
  const held = await readFile(join(server.root, name), 'utf8').catch(() => '')
  return held.length > 32 * 1024 ? '' : held
}

const places = struct({ parts: list(text), part_size: int })

/** One part after the other; only 200 counts. */
async function upload(daemon: Daemon, backup: string, archive: Buffer): Promise<Part[]> {
  const told = places(parseJson(await daemon.panel.get(`/backups/${backup}?size=${archive.length}`)), '')
  const parts: Part[] = []
  for (const [index, url] of told.parts.entries()) {
    const bytes = archive.subarray(index * told.part_size, (index + 1) * told.part_size)
    const reply = await fetch(url, {
      method: 'PUT',
      headers: { 'content-type': 'application/x-gzip' },
      body: new Uint8Array(bytes),
      signal: daemon.signal,
    })
    if (reply.status !== 200) throw new Error(`a part was refused with ${reply.status}`)
    parts.push({ etag: reply.headers.get('etag') ?? '', part_number: index + 1 })
  }
  return parts
}

interface Restore {
  backup: string
  archive: Buffer
}

/** Stops the server, lays the archive out over what is there, and reports. */
export async function restoreBackup(daemon: Daemon, server: GameServer, { backup, archive }: Restore): Promise<void> {
  let successful = false
  try {
    await stopForRestore(daemon, server)
    await layOut(server, server.root, unpackTarGz(archive), (path) =>
      server.tell('daemon message', `(restoring): ${path}`),
    )
    successful = true
  } catch (error) {
    daemon.log.push(`restore of ${backup}: ${String(error)}`)
  }

  await daemon.panel
    .post(`/backups/${backup}/restore`, { successful })
    .catch((error: unknown) => daemon.log.push(`report of a restore: ${String(error)}`))
  server.tell('backup restore completed', '')
  server.isRestoring = false
  server.isSuspended = false // as the daemon has it, whatever the panel said
}

/** A game that does not end in time is not killed: the restore fails. */
async function stopForRestore(daemon: Daemon, server: GameServer): Promise<void> {
  if (server.state === 'offline') return
  const waitMs = Math.min(120_000, daemon.timing.stopWaitMs)
  void stop(daemon, server, LONGEST_TIMER_MS).catch((error: unknown) => daemon.log.push(String(error)))
  if (!(await isOfflineWithin(server, waitMs, daemon.signal))) throw new Error('the server did not stop')
}

/** Empties the folder, before anybody has looked whether there is an archive. */
export async function truncate(server: GameServer): Promise<void> {
  const names = await readdir(server.root).catch(() => [])
  await Promise.all(names.map((name) => rm(join(server.root, name), { recursive: true, force: true })))
}
