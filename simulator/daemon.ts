import { ActivityQueue } from './activity.ts'
import { Panic } from './decode.ts'
import type { TransferFault } from './faults.ts'
import type { MakeGame } from './game.ts'
import type { Flavour, NodeConfig, RemoteFiles, Timing } from './options.ts'
import { PanelClient, type PanelCall } from './panel-client.ts'
import type { GameServer } from './server.ts'
import { Tokens } from './tokens.ts'

interface DaemonOptions {
  flavour: Flavour
  version: string
  config: NodeConfig
  dataDir: string
  timing: Timing
  makeGame: MakeGame
  missingImages: string[]
  remoteFiles: RemoteFiles
  clockSkewMs: number
  upForMs: number
  fetch: typeof globalThis.fetch
  asked: PanelCall[]
  log: string[]
  transferFaults: TransferFault[]
}

/** One life of the program, from its boot to its end: what is not on the disk is forgotten with it. */
export class Daemon {
  readonly flavour: Flavour
  readonly version: string
  readonly dataDir: string
  readonly timing: Timing
  readonly makeGame: MakeGame
  readonly missingImages: Set<string>
  readonly remoteFiles: RemoteFiles
  /** A second creation under the same name adds a second one, as it does there. */
  readonly servers: GameServer[] = []
  readonly panel: PanelClient
  readonly tokens: Tokens
  readonly activity: ActivityQueue
  readonly log: string[]
  readonly bootConfig: NodeConfig
  /** One for each transfer that this node sends, until there are none left. */
  readonly transferFaults: TransferFault[]
  readonly clockSkewMs: number
  /** What `POST /api/update` has changed takes effect here, as far as it does without a restart. */
  config: NodeConfig
  /** Resolves when the process ends by itself: a fatal answer of the panel, or what it could not survive. */
  readonly ended: Promise<string>

  #life = new AbortController()
  #work = new Set<Promise<void>>()
  #end: (reason: string) => void = () => undefined

  constructor({
    flavour,
    version,
    config,
    dataDir,
    timing,
    makeGame,
    fetch,
    asked,
    log,
    transferFaults,
    ...told
  }: DaemonOptions) {
    this.flavour = flavour
    this.version = version
    this.config = config
    this.bootConfig = structuredClone(config)
    this.dataDir = dataDir
    this.timing = timing
    this.makeGame = makeGame
    this.log = log
    this.transferFaults = transferFaults
    this.missingImages = new Set(told.missingImages)
    this.remoteFiles = told.remoteFiles
    this.clockSkewMs = told.clockSkewMs
    this.ended = new Promise((resolve) => (this.#end = resolve))
    this.tokens = new Tokens({ flavour, now: () => this.now(), bootedAtMs: this.now() - told.upForMs })
    const { remote: url, token_id: tokenId, token } = this.bootConfig
    this.panel = new PanelClient({ flavour, url, tokenId, token, version, timing, signal: this.signal, fetch, asked })
    this.activity = new ActivityQueue({ panel: this.panel, now: () => this.now() })
  }

  get signal(): AbortSignal {
    return this.#life.signal
  }

  /** By this node's clock. */
  now(): number {
    return Date.now() + this.clockSkewMs
  }

  /** What a caller must present, and the key of all tokens: Pelican learns a new one only when it starts again. */
  get secret(): string {
    return this.flavour === 'pelican' ? this.bootConfig.token : this.config.token
  }

  find(uuid: string): GameServer | undefined {
    return this.servers.find((server) => server.uuid === uuid)
  }

  /** Work that nobody waits for; its failure stands in the node's own log only, and a panic ends the process. */
  background(what: string, work: () => Promise<unknown>): void {
    const running = work().then(
      () => undefined,
      (error: unknown) => {
        if (this.signal.aborted) return
        const reason = error instanceof Error ? error.message : String(error)
        this.log.push(`${what}: ${reason}`)
        if (error instanceof Panic) this.die(`panic: ${reason}`)
      },
    )
    this.#work.add(running)
    void running.finally(() => this.#work.delete(running))
  }

  /** Ends as a process does that crashed: nothing is finished any more. */
  die(reason: string): void {
    if (this.signal.aborted) return
    this.log.push(reason)
    this.#life.abort(new Error(reason))
    for (const server of this.servers) {
      server.life.abort()
      server.game?.kill()
    }
    this.#end(reason)
  }

  /** Ends, and waits until nothing is under way any more. */
  async stop(): Promise<void> {
    this.die('stopped')
    while (this.#work.size > 0) await Promise.allSettled(this.#work)
  }
}
