import { setTimeout as pause } from 'node:timers/promises'
import { isDone } from './console.ts'
import { writeConfigurationFiles } from './config-files.ts'
import type { Daemon } from './daemon.ts'
import { assertDiskSpace } from './disk.ts'
import { environmentOf } from './environment.ts'
import { mountsOf } from './mounts.ts'
import type { GameServer } from './server.ts'
import { kill, stop } from './stop.ts'
import { syncServer } from './sync.ts'

export const POWER_ACTIONS = ['start', 'stop', 'restart', 'kill'] as const
export type PowerAction = (typeof POWER_ACTIONS)[number]

/**
 * Does what was asked, one action at a time. Killing waits for nobody.
 *
 * @throws {Error} in words for the node's log, or for the websocket that asked
 */
export async function power(daemon: Daemon, server: GameServer, action: PowerAction, waitMs = 0): Promise<void> {
  if (server.busyWith) throw new Error(server.busyWith)
  if (action === 'kill') return kill(server)

  const release = await server.powerLock.acquire(waitMs)
  try {
    if (action === 'start') await start(daemon, server)
    if (action === 'stop') await stop(daemon, server)
    if (action === 'restart') {
      await stop(daemon, server)
      await start(daemon, server)
    }
  } finally {
    release()
  }
}

async function start(daemon: Daemon, server: GameServer): Promise<void> {
  if (server.state !== 'offline') throw new Error('server is already running')

  await syncServer(daemon, server)
  if (server.isSuspended) throw new Error('the server is suspended')
  server.say('Measuring the disk')
  await assertDiskSpace(server)
  server.say('Writing configuration files')
  await writeConfigurationFiles(server)

  server.setState('starting')
  server.console.clear()
  const { image } = server.configuration.settings.container
  server.say(`Pulling the image ${image}`)
  await pause(daemon.timing.stepMs, undefined, { signal: AbortSignal.any([daemon.signal, server.life.signal]) })
  if (daemon.missingImages.has(image)) {
    ended(daemon, server, 1)
    throw new Error(`the image ${image} cannot be pulled`)
  }
  launch(daemon, server)
}

function launch(daemon: Daemon, server: GameServer): void {
  const { configuration } = server
  const { stepMs, tickMs } = daemon.timing
  server.hasContainer = true
  server.mounts = mountsOf(daemon, server)
  server.startedAt = Date.now()

  const game = daemon.makeGame({
    environment: environmentOf(server),
    invocation: configuration.settings.invocation,
    done: configuration.done,
    stopCommand: configuration.stop.type === 'command' ? configuration.stop.value : '',
    stepMs,
    tickMs,
    print: (line) => {
      server.console.print(line, (text) => server.daemonLine(text))
      if (server.state === 'starting' && isDone(line, server.configuration.done, server.configuration.stripAnsi))
        server.setState('running')
      if (server.flavour === 'pelican') matchFeatures(server, line)
    },
    exit: (code) => {
      if (server.game !== game) return
      ended(daemon, server, code)
    },
  })
  server.game = game
}

function matchFeatures(server: GameServer, line: string): void {
  for (const [key, patterns] of Object.entries(server.configuration.settings.egg.features)) {
    const pattern = patterns.find((one) => line.toLowerCase().includes(one.toLowerCase()))
    if (pattern !== undefined) server.tell('feature match', JSON.stringify({ key, pattern, line }))
  }
}

/** The container is gone. Without a stop before it that is a crash, whatever the exit code says. */
function ended(daemon: Daemon, server: GameServer, code: number): void {
  const isCrash = server.state === 'starting' || server.state === 'running'
  server.game = null
  server.startedAt = null
  server.setState('offline')
  if (!isCrash || daemon.signal.aborted || server.life.signal.aborted) return
  daemon.background(`crash of ${server.uuid}`, () => afterCrash(daemon, server, code))
}

async function afterCrash(daemon: Daemon, server: GameServer, code: number): Promise<void> {
  if (server.configuration.settings.crash_detection_enabled === false) {
    server.say('The server has crashed and is left as it is: crash detection is off')
    return
  }
  server.say('The server has crashed')
  server.say(`Exit code: ${code}, out of memory: false`)
  if (server.flavour === 'pelican') {
    const metadata = { exit_code: code, oomkilled: false, logs: server.console.last(2) }
    daemon.activity.record({ user: null, server: server.uuid, event: 'server:crashed', metadata, ip: '127.0.0.1' })
  }

  const isRepeated = Date.now() - server.lastCrashAt < daemon.timing.crashTimeoutMs
  server.lastCrashAt = Date.now()
  if (isRepeated) {
    server.say('It crashed a short while ago already and is not started again')
    return
  }
  await power(daemon, server, 'start')
}
