import { EventEmitter } from 'node:events'
import { join } from 'node:path'
import type { WingsState } from '../server/contracts/remote.ts'
import type { Configuration } from './configuration.ts'
import { Console } from './console.ts'
import { gitignore, type Ignores } from './denylist.ts'
import type { Game } from './game.ts'
import { Lock } from './lock.ts'
import type { Flavour } from './options.ts'

/** What a node tells whoever watches a server: an event of the websocket, its permission decided there. */
interface ServerEvents {
  told: [event: string, ...args: string[]]
  changed: [previous: WingsState, current: WingsState]
  /** `user`: of whom alone, where the node tells them apart. Consoles it does not. */
  revoked: [reason: 'deleted' | 'suspended' | 'deauthorized', user?: string]
}

/** A folder of the host in a container. */
export interface Bound {
  source: string
  target: string
  readOnly: boolean
}

interface GameServerOptions {
  flavour: Flavour
  configuration: Configuration
  volumes: string
}

/** One server as the node holds it: what the panel said of it last, and what it is doing. */
export class GameServer extends EventEmitter<ServerEvents> {
  readonly uuid: string
  readonly flavour: Flavour
  readonly root: string
  readonly console = new Console()
  readonly powerLock = new Lock()
  /** Compiled once: a later change of the egg does not reach a loaded server. */
  readonly isDenied: Ignores
  readonly pulls = new Map<string, number>()
  /** Ends with the server: whatever is under way for it stops. */
  readonly life = new AbortController()

  configuration: Configuration
  state: WingsState = 'offline'
  isInstalling = false
  isTransferring = false
  isRestoring = false
  isSuspended: boolean
  /** A container exists from the first installation on; without one there is nothing to read or to write to. */
  hasContainer = false
  /** Of the container that was made last. */
  mounts: Bound[] = []
  game: Game | null = null
  startedAt: number | null = null
  lastCrashAt = Number.NEGATIVE_INFINITY
  diskBytes = 0
  installLog: string | null = null
  /** While its files are on their way to another node. */
  cancelTransfer: AbortController | null = null

  constructor({ flavour, configuration, volumes }: GameServerOptions) {
    super()
    this.setMaxListeners(0)
    this.uuid = configuration.settings.uuid
    this.flavour = flavour
    this.configuration = configuration
    this.isSuspended = configuration.settings.suspended
    this.root = join(volumes, this.uuid)
    this.isDenied = gitignore(configuration.settings.egg.file_denylist)
    this.console.on('line', (line) => this.tell('console output', line))
  }

  tell(event: string, ...args: string[]): void {
    this.emit('told', event, ...args)
  }

  /** A line of the daemon among those of the game. */
  daemonLine(text: string): string {
    const name = this.flavour === 'pelican' ? 'Pelican' : 'Pterodactyl'
    return `\u001B[33m\u001B[1m[${name} Daemon]:\u001B[39m ${text}\u001B[0m`
  }

  say(text: string): void {
    this.console.emit('line', this.daemonLine(text), 'daemon')
  }

  setState(state: WingsState): void {
    const previous = this.state
    if (previous === state) return
    this.state = state
    this.tell('status', state)
    this.emit('changed', previous, state)
  }

  /** Why no power action is taken now; null when one may be. */
  get busyWith(): string | null {
    if (this.isInstalling) return 'the server is being installed'
    if (this.isTransferring) return 'the server is being transferred'
    return this.isRestoring ? 'a backup of the server is being restored' : null
  }
}
