import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { request, type IncomingMessage } from 'node:http'
import { basename, dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { collect, layOut, packTarGz, unpackTarGz } from './archive.ts'
import { archivePath } from './backups.ts'
import type { Daemon } from './daemon.ts'
import type { TransferFault } from './faults.ts'
import type { Part } from './multipart.ts'
import type { GameServer } from './server.ts'
import { register } from './register.ts'
import { fetchConfiguration } from './sync.ts'

/** Beyond it a timer fires at once. */
const FOR_EVER_MS = 2 ** 31 - 1

export interface TransferOrder {
  url: string
  token: string
  /** Archives that go along; Pterodactyl does not look at them. */
  backups: string[]
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

/** Why a server does not travel between the flavours. */
const checksumField = (daemon: Daemon) => (daemon.flavour === 'pelican' ? 'checksum_archive' : 'checksum')

/** The source: packs and sends. What succeeds is ended by the panel, which has the server deleted here. */
export async function sendTransfer(daemon: Daemon, server: GameServer, order: TransferOrder): Promise<void> {
  const cancel = new AbortController()
  server.cancelTransfer = cancel
  const signal = AbortSignal.any([daemon.signal, cancel.signal, server.life.signal])
  const fault = daemon.transferFaults.shift()
  try {
    say(server, 'Preparing to stream server data to destination...')
    server.tell('transfer status', 'processing')
    if (fault === 'archive') {
      say(server, 'Failed to get archive for transfer.')
      throw new Error('failed to get archive for transfer')
    }
    say(server, 'Streaming archive to destination...')
    const { boundary, body } = await formOf(daemon, server, order, fault)
    const status = await stream(daemon, server, { order, boundary, body, fault, signal })
    if (status !== 200) throw new Error(`unexpected status code from destination: ${status}`)
  } catch (error) {
    await daemon.panel.post(`/servers/${server.uuid}/transfer/failure`).catch((refusal: unknown) => {
      daemon.log.push(`failed to set transfer status: ${String(refusal)}`)
    })
    server.tell('transfer status', 'failure')
    server.isTransferring = false
    if (cancel.signal.aborted) say(server, 'Canceled.')
    throw error
  } finally {
    server.cancelTransfer = null
  }
}

function say(server: GameServer, text: string): void {
  server.tell(
    'transfer logs',
    `\u001B[33m\u001B[1m${new Date().toUTCString()} [Transfer System] [Source Node]:\u001B[39m ${text}\u001B[0m`,
  )
}

/** The parts in the order in which the target reads them: each checksum after what it is of. */
async function formOf(daemon: Daemon, server: GameServer, { backups }: TransferOrder, fault?: TransferFault) {
  const archive = packTarGz(await collect(server.root, ['']))
  const checksum = fault === 'checksum' ? sha256(Buffer.from('another archive')) : sha256(archive)
  const parts: [field: string, bytes: Buffer | string, fileName?: string][] = [
    ['archive', archive, 'archive.tar.gz'],
    [checksumField(daemon), checksum],
  ]
  if (daemon.flavour === 'pelican') {
    for (const backup of backups) {
      // One that is not there is left out without a word.
      const bytes = await readFile(archivePath(daemon, server, backup)).catch(() => null)
      if (!bytes) continue
      const name = `${backup}.tar.gz`
      parts.push([`backup_${name}`, bytes, name], [`checksum_backup_${name}`, sha256(bytes)])
    }
    if (server.installLog !== null) parts.push(['install_logs', server.installLog, 'install.log'])
  }

  const boundary = `wings${sha256(archive).slice(0, 24)}`
  const chunks = parts.flatMap(([field, bytes, fileName]) => [
    Buffer.from(
      `--${boundary}\r\ncontent-disposition: form-data; name="${field}"${fileName ? `; filename="${fileName}"` : ''}\r\n\r\n`,
    ),
    Buffer.from(bytes),
    Buffer.from('\r\n'),
  ])
  return { boundary, body: Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]) }
}

interface Streaming {
  order: TransferOrder
  boundary: string
  body: Buffer
  fault: TransferFault | undefined
  signal: AbortSignal
}

/**
 * A real one goes on for minutes: this one says how far it is when the target has been sent half of it, and waits there
 * as long as it is told to.
 */
async function stream(
  daemon: Daemon,
  server: GameServer,
  { order, boundary, body, fault, signal }: Streaming,
): Promise<number> {
  const sending = request(order.url, {
    method: 'POST',
    headers: { authorization: order.token, 'content-type': `multipart/form-data; boundary=${boundary}` },
    agent: false,
    signal,
  })
  const answer = once(sending, 'response') as Promise<[IncomingMessage]>
  answer.catch(() => undefined) // looked at below, when all has been sent
  try {
    const half = Math.floor(body.length / 2)
    await new Promise<void>((resolve) => sending.write(body.subarray(0, half), () => resolve()))
    say(server, `Uploading [${'='.repeat(12)}${' '.repeat(13)}] ${half} B / ${body.length} B`)
    await pause(fault === 'halt' ? FOR_EVER_MS : daemon.timing.transferMs, undefined, { signal })
    if (fault === 'stream') throw new Error('failed to stream archive to destination')
    sending.end(body.subarray(half))
    const [reply] = await answer
    reply.resume()
    say(server, 'Finished streaming archive to destination.')
    return reply.statusCode ?? 0
  } catch (error) {
    sending.destroy()
    throw error
  }
}

/** The target: asks the panel what comes, lays it out, reports. Files of a failure stay, unless the panel refuses the report. */
export async function receiveTransfer(
  daemon: Daemon,
  uuid: string,
  arriving: () => Promise<Part[] | null>,
): Promise<void> {
  const server = await register(daemon, await fetchConfiguration(daemon, uuid))
  server.isTransferring = true
  try {
    await takeIn(daemon, server, (await arriving()) ?? [])
  } catch (error) {
    server.tell('transfer status', 'failure')
    daemon.servers.splice(daemon.servers.indexOf(server), 1)
    server.life.abort()
    await daemon.panel.post(`/servers/${uuid}/transfer/failure`).then(
      // It says so after every report that was taken, whatever was reported.
      () => server.tell('transfer status', 'success'),
      () => rm(server.root, { recursive: true, force: true }),
    )
    throw error
  }

  try {
    await daemon.panel.post(`/servers/${uuid}/transfer/success`)
  } catch (error) {
    // Whose it is now is not known here: it keeps everything, and goes on calling itself in transfer.
    daemon.log.push(`failed to set transfer status on panel: ${String(error)}`)
    return
  }
  server.isTransferring = false
  server.tell('transfer status', 'success')
}

async function takeIn(daemon: Daemon, server: GameServer, parts: Part[]): Promise<void> {
  const part = (field: string) => parts.find((one) => one.field === field)?.bytes
  const archive = part('archive')
  if (archive) await layOut(server, server.root, unpackTarGz(archive))
  if (!archive || part(checksumField(daemon))?.toString() !== sha256(archive))
    throw new Error('the checksum does not match')

  for (const { field, bytes } of parts.filter((one) => one.field.startsWith('backup_'))) {
    const name = basename(field.slice('backup_'.length))
    if (part(`checksum_backup_${name}`)?.toString() !== sha256(bytes))
      throw new Error(`the checksum of ${name} does not match`)
    const path = archivePath(daemon, server, name.replace(/\.tar\.gz$/, ''))
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, bytes)
  }
  server.installLog = part('install_logs')?.toString() ?? null

  if (daemon.missingImages.has(server.configuration.settings.container.image))
    throw new Error('the image cannot be pulled')
  server.hasContainer = true
}
