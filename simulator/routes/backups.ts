import { lookup } from 'node:dns/promises'
import { access, readFile, rm } from 'node:fs/promises'
import { BlockList, isIPv6 } from 'node:net'
import { archivePath, makeBackup, restoreBackup, truncate, type Adapter } from '../backups.ts'
import type { Daemon } from '../daemon.ts'
import { bool, struct, text } from '../decode.ts'
import { empty, readJson, Refusal } from '../http.ts'
import { serverRoute, type Route } from './route.ts'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

const creation = struct({ adapter: text, uuid: text, ignore: text })
const restoration = struct({ adapter: text, truncate_directory: bool, download_url: text })

const isAdapter = (given: string): given is Adapter => given === 'wings' || given === 's3'
const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  )

export const backupRoutes: Route[] = [
  serverRoute('POST /api/servers/:server/backup', ({ daemon, server, call }) => {
    const { adapter, uuid, ignore } = readJson(call, creation)
    if (daemon.flavour === 'pelican' && !UUID.test(uuid)) throw new Refusal(400, 'The uuid of the backup is not valid.')
    if (!isAdapter(adapter)) throw new Error(`unknown adapter ${adapter}`)
    daemon.background(`backup ${uuid}`, () => makeBackup(daemon, server, { uuid, adapter, ignore }))
    return empty(202)
  }),

  serverRoute('POST /api/servers/:server/backup/:backup/restore', async ({ daemon, server, call }) => {
    const { adapter, truncate_directory: truncates, download_url: url } = readJson(call, restoration)
    if (!isAdapter(adapter) || (adapter === 's3' && url === ''))
      throw new Refusal(400, 'The adapter or the address of the archive is missing.')
    const backup = call.params.backup ?? ''

    server.isRestoring = true
    try {
      if (truncates) await truncate(server)
      const archive =
        adapter === 's3' ? await download(daemon, url) : await readFile(archivePath(daemon, server, backup))
      daemon.background(`restore of ${backup}`, () => restoreBackup(daemon, server, { backup, archive }))
      return empty(202)
    } catch (error) {
      server.isRestoring = false
      throw error
    }
  }),

  serverRoute('DELETE /api/servers/:server/backup/:backup', async ({ daemon, server, call }) => {
    const path = archivePath(daemon, server, call.params.backup ?? '')
    if (!(await exists(path))) throw new Refusal(404, 'There is no such archive on this node.')
    await rm(path)
    return empty(204)
  }),
]

/** Fetched before the call is answered; what is no gzip by its label is refused. */
async function download(daemon: Daemon, url: string): Promise<Buffer> {
  if (daemon.flavour === 'pelican') await refusePrivate(daemon, new URL(url).hostname.replace(/^\[|\]$/g, ''))
  const reply = await fetch(url, { signal: daemon.signal })
  const type = reply.headers.get('content-type') ?? ''
  const label = daemon.flavour === 'pelican' ? type.split(';')[0]?.trim() : type
  const isRefused = daemon.flavour === 'pelican' && reply.status !== 200
  if (isRefused || (label !== 'application/x-gzip' && label !== 'application/gzip')) {
    throw new Refusal(400, 'What the address holds is no archive.')
  }
  return Buffer.from(await reply.arrayBuffer())
}

const privateAddresses = new BlockList()
const PRIVATE: [network: string, bits: number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
]
for (const [network, bits] of PRIVATE) privateAddresses.addSubnet(network, bits)
privateAddresses.addSubnet('fc00::', 7, 'ipv6')
privateAddresses.addSubnet('fe80::', 10, 'ipv6')
privateAddresses.addAddress('::1', 'ipv6')

/** Unless its configuration names the host. */
async function refusePrivate(daemon: Daemon, host: string): Promise<void> {
  if (daemon.config.system.backups?.restore_host_allowlist.includes(host)) return
  const found = await lookup(host, { all: true })
  if (found.some(({ address }) => privateAddresses.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')))
    throw new Refusal(400, 'The address of the archive leads into a private network.')
}
