import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { collect, layOut, packTarGz, unpackTarGz } from './archive.ts'
import type { Daemon } from './daemon.ts'
import type { Part } from './multipart.ts'
import type { GameServer } from './server.ts'
import { register } from './register.ts'
import { fetchConfiguration } from './sync.ts'

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

/** Why a server does not travel between the flavours. */
const checksumField = (daemon: Daemon) => (daemon.flavour === 'pelican' ? 'checksum_archive' : 'checksum')

/** The source: packs and sends. What succeeds is ended by the panel, which has the server deleted here. */
export async function sendTransfer(
  daemon: Daemon,
  server: GameServer,
  { url, token }: { url: string; token: string },
): Promise<void> {
  const cancel = new AbortController()
  server.cancelTransfer = cancel
  server.tell('transfer status', 'processing')
  try {
    server.tell('transfer logs', 'Packing the files of the server')
    const archive = packTarGz(await collect(server.root, ['']))
    const form = new FormData()
    form.append('archive', new Blob([new Uint8Array(archive)]), 'archive.tar.gz')
    form.append(checksumField(daemon), sha256(archive))
    server.tell('transfer logs', `Sending ${archive.length} bytes`)
    const reply = await fetch(url, {
      method: 'POST',
      headers: { authorization: token },
      body: form,
      signal: AbortSignal.any([daemon.signal, cancel.signal]),
    })
    if (!reply.ok) throw new Error(`the target answered ${reply.status}`)
    server.tell('transfer logs', 'The target has everything')
  } catch (error) {
    server.isTransferring = false
    server.tell('transfer status', 'failure')
    await daemon.panel.post(`/servers/${server.uuid}/transfer/failure`)
    throw error
  } finally {
    server.cancelTransfer = null
  }
}

/** The target: asks the panel what comes, lays it out, reports. Files of a failure stay, unless the panel refuses the report. */
export async function receiveTransfer(daemon: Daemon, uuid: string, parts: Part[]): Promise<void> {
  const server = await register(daemon, await fetchConfiguration(daemon, uuid))
  server.isTransferring = true
  try {
    const archive = parts.find(({ field }) => field === 'archive')?.bytes
    const checksum = parts
      .find(({ field }) => field === checksumField(daemon))
      ?.bytes.toString()
      .trim()
    if (!archive || checksum !== sha256(archive)) throw new Error('the checksum does not match')
    await layOut(server, server.root, unpackTarGz(archive))
    if (daemon.missingImages.has(server.configuration.settings.container.image))
      throw new Error('the image cannot be pulled')
    server.hasContainer = true
    await daemon.panel.post(`/servers/${uuid}/transfer/success`)
    server.tell('transfer status', 'success')
    server.isTransferring = false
  } catch (error) {
    daemon.servers.splice(daemon.servers.indexOf(server), 1)
    server.life.abort()
    server.tell('transfer status', 'failure')
    await daemon.panel
      .post(`/servers/${uuid}/transfer/failure`)
      .catch(() => rm(server.root, { recursive: true, force: true }))
    throw error
  }
}
