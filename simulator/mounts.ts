import { posix } from 'node:path'
import type { Daemon } from './daemon.ts'
import type { Bound, GameServer } from './server.ts'

/**
 * What a container gets of the folders that the panel names: those below a folder that the daemon's own file allows. Any
 * other is left out with a line in the daemon's log; the server starts without it.
 */
export function mountsOf(daemon: Daemon, server: GameServer): Bound[] {
  const allowed = daemon.config.allowed_mounts.map((folder) => posix.normalize(folder))
  return server.configuration.settings.mounts.flatMap(({ source, target, read_only: readOnly }) => {
    const [from, to] = [posix.normalize(source), posix.normalize(target)]
    if (!allowed.some((folder) => from.startsWith(folder))) {
      daemon.log.push(`skipping custom server mount, not in list of allowed mount points: ${from}`)
      return []
    }
    // Pelican's daemon keeps a server's own folder to itself.
    if (server.flavour === 'pelican' && (to === '/home/container' || to.startsWith('/home/container/'))) return []
    return [{ source: from, target: to, readOnly }]
  })
}
