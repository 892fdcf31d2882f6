import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Configuration } from './configuration.ts'
import type { Daemon } from './daemon.ts'
import { measureDisk } from './disk.ts'
import { power } from './power.ts'
import { GameServer } from './server.ts'
import { utilizationOf } from './stats.ts'

/** Makes a server known to this node, with a folder for its files. */
export async function register(daemon: Daemon, configuration: Configuration): Promise<GameServer> {
  const server = new GameServer({ flavour: daemon.flavour, configuration, volumes: daemon.bootConfig.system.data })
  await mkdir(server.root, { recursive: true })
  await measureDisk(server)

  const stats = setInterval(() => {
    if (server.state !== 'offline') server.tell('stats', JSON.stringify(utilizationOf(server)))
  }, daemon.timing.statsMs)
  daemon.signal.addEventListener('abort', () => clearInterval(stats))
  server.life.signal.addEventListener('abort', () => clearInterval(stats))

  server.on('changed', (previous, current) => {
    if (current === 'offline') server.tell('stats', JSON.stringify(utilizationOf(server)))
    if (daemon.flavour !== 'pelican' || daemon.bootConfig.remote === '') return
    const states = { previous_state: previous, new_state: current }
    daemon.background(`status of ${server.uuid}`, () =>
      daemon.panel.post(`/servers/${server.uuid}/container/status`, { data: states }),
    )
  })

  daemon.servers.push(server)
  return server
}

/** Tells whoever watches, ends what runs, and removes the files. Pterodactyl leaves the archives behind. */
export function unregister(daemon: Daemon, server: GameServer): void {
  if (server.isTransferring) server.tell('transfer status', 'completed')
  server.tell('deleted', 'null')
  server.emit('revoked', 'deleted')
  server.life.abort()
  server.game?.kill()
  daemon.servers.splice(daemon.servers.indexOf(server), 1)
  daemon.background(`removal of ${server.uuid}`, async () => {
    await rm(server.root, { recursive: true, force: true })
    if (daemon.flavour === 'pelican')
      await rm(join(daemon.dataDir, 'backups', server.uuid), { recursive: true, force: true })
  })
}

/** After a boot: what ran before runs again. */
export function resume(daemon: Daemon, server: GameServer): void {
  server.hasContainer = true
  daemon.background(`start of ${server.uuid}`, () => power(daemon, server, 'start'))
}
