import type { Daemon } from './daemon.ts'
import type { GameServer } from './server.ts'

/** Asks the game to end and waits; one that does not is killed. Nothing to do for a server that is offline. */
export async function stop(daemon: Daemon, server: GameServer, waitMs = daemon.timing.stopWaitMs): Promise<void> {
  if (server.state === 'offline') return
  server.setState('stopping')
  askToStop(server)
  if (!(await isOfflineWithin(server, waitMs, daemon.signal))) kill(server)
}

const POLITE_SIGNALS = ['SIGABRT', 'SIGINT', 'SIGTERM']

function askToStop(server: GameServer): void {
  const { type, value } = server.configuration.stop
  if (type === 'command') return server.game?.input(value)
  if (type === 'stop') return server.game?.stop()
  if (type !== 'signal') return server.game?.kill()

  const isPolite = POLITE_SIGNALS.includes(value.toUpperCase())
  // Pterodactyl names such a signal in a way that Docker does not know, and the server stays as it is.
  if (isPolite && server.flavour === 'pterodactyl') throw new Error(`invalid signal: ${value}`)
  if (isPolite || (value === 'C' && server.flavour === 'pelican')) return server.game?.stop()
  server.game?.kill()
}

export function kill(server: GameServer): void {
  if (server.state === 'offline') return
  server.setState('stopping')
  server.game?.kill()
}

/** False when the game still runs after that time. */
export async function isOfflineWithin(server: GameServer, waitMs: number, signal: AbortSignal): Promise<boolean> {
  if (server.state === 'offline') return true
  const waiting = AbortSignal.any([signal, server.life.signal])
  return new Promise((resolve) => {
    const finish = (isOffline: boolean) => {
      clearTimeout(timer)
      server.off('changed', look)
      waiting.removeEventListener('abort', giveUp)
      resolve(isOffline)
    }
    const look = (_: string, current: string) => current === 'offline' && finish(true)
    const giveUp = () => finish(true)
    const timer = setTimeout(() => finish(false), waitMs)
    server.on('changed', look)
    waiting.addEventListener('abort', giveUp)
  })
}

/** A line typed for the game. The one that ends it is known, so that its end is no crash. */
export function sendCommand(server: GameServer, line: string): void {
  const { type, value } = server.configuration.stop
  if (type === 'command' && line === value && server.state !== 'offline') server.setState('stopping')
  server.game?.input(line)
}
