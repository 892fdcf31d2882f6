import type { Daemon } from './daemon.ts'
import { readDescription, type Configuration } from './configuration.ts'
import { PanelRefusal } from './panel-client.ts'
import { stop } from './stop.ts'
import type { GameServer } from './server.ts'

/** How long a suspended server may take to end. */
const SUSPENSION_WAIT_MS = 60_000

/** What the panel says of one server. @throws {PanelRefusal} @throws {DecodeError} @throws {Panic} */
export async function fetchConfiguration(daemon: Daemon, uuid: string): Promise<Configuration> {
  try {
    return readDescription(await daemon.panel.get(`/servers/${uuid}`), daemon.flavour)
  } catch (error) {
    if (error instanceof PanelRefusal && error.status === 404)
      throw new Error('server does not exist on the panel', { cause: error })
    throw error
  }
}

/** Asks the panel and holds to it: a server that is suspended while it runs is ended, in the background. */
export async function syncServer(daemon: Daemon, server: GameServer): Promise<void> {
  server.configuration = await fetchConfiguration(daemon, server.uuid)
  const wasSuspended = server.isSuspended
  server.isSuspended = server.configuration.settings.suspended
  if (!server.isSuspended) return

  if (server.flavour === 'pelican' && !wasSuspended) server.emit('revoked', 'suspended')
  if (server.state === 'offline') return
  daemon.background(`suspension of ${server.uuid}`, () => stop(daemon, server, SUSPENSION_WAIT_MS))
}
