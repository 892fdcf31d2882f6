import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ServerDescription, SftpGrant } from '../server/contracts/remote.ts'
import type { Activity } from './activity.ts'
import { boot, saveStates } from './boot.ts'
import { readConfiguration } from './configuration.ts'
import { controlOf } from './control.ts'
import { Daemon } from './daemon.ts'
import { Faults, type TransferFault } from './faults.ts'
import { scriptedGame } from './game.ts'
import { Listener, type SeenCall } from './listener.ts'
import { configOf, USUAL_TIMING, type Flavour, type NodeConfig, type WingsOptions } from './options.ts'
import type { PanelCall } from './panel-client.ts'
import { register } from './register.ts'
import type { GameServer } from './server.ts'
import { openSftp, signInToSftp, type SftpSession, type SftpSignIn } from './sftp.ts'

const VERSIONS: Record<Flavour, string> = { pterodactyl: '1.11.11', pelican: '1.0.0-beta29' }

/** Simulates one node: a daemon that answers as an unmodified Wings of its flavour, over real HTTP and on real files. */
export class Wings implements AsyncDisposable {
  readonly flavour: Flavour
  readonly faults = new Faults()
  /** Every call that reached the node, with what was answered. */
  readonly seen: SeenCall[] = []
  /** Those among them that Wings does not have. They were answered with 599. */
  readonly unknown: SeenCall[] = []
  /** Every attempt to reach the panel. */
  readonly asked: PanelCall[] = []
  /** What stands in the node's own log, where most failures are told and nowhere else. */
  readonly log: string[] = []
  /** What goes wrong with the next transfers that this node sends, one after the other. */
  readonly transferFaults: TransferFault[] = []
  readonly dataDir: string

  #options: WingsOptions
  #config: NodeConfig
  #isOwnFolder: boolean
  #port: number
  #daemon: Daemon
  #listener: Listener | null = null

  constructor(options: WingsOptions, dataDir: string, config: NodeConfig) {
    this.flavour = options.flavour ?? 'pterodactyl'
    this.dataDir = dataDir
    this.#options = options
    this.#config = config
    this.#isOwnFolder = options.dataDir === undefined
    this.#port = config.api.port
    this.#daemon = this.#newDaemon()
  }

  get host(): string {
    return this.#config.api.host
  }

  get port(): number {
    return this.#port
  }

  get url(): string {
    return `http://${this.host}:${this.#port}`
  }

  get tokenId(): string {
    return this.#daemon.config.token_id
  }

  /** What callers must present now, and the key of tokens. */
  get token(): string {
    return this.#daemon.secret
  }

  get config(): NodeConfig {
    return this.#daemon.config
  }

  get servers(): readonly GameServer[] {
    return this.#daemon.servers
  }

  /** What people did here and the panel has not been told yet. */
  get activity(): readonly Activity[] {
    return this.#daemon.activity.rows
  }

  /** Resolves with the reason when the process ends, be it that it is stopped. */
  get ended(): Promise<string> {
    return this.#daemon.ended
  }

  /** @throws {Error} when the node does not know it */
  server(uuid: string): GameServer {
    const server = this.#daemon.find(uuid)
    if (!server) throw new Error(`the simulated node has no server ${uuid}`)
    return server
  }

  /** Makes the node listen without having asked anybody. */
  async listen(): Promise<void> {
    const { seen, unknown, faults } = this
    const control = this.#options.control ? controlOf(this) : null
    this.#listener = new Listener({ daemon: this.#daemon, faults, seen, unknown, control })
    this.#port = await this.#listener.listen(this.host, this.#port)
    const listener = this.#listener
    void this.#daemon.ended.then(() => listener.close())
  }

  /**
   * Asks the panel what this node runs, and starts what ran when it ended.
   *
   * @throws {Error} why the process ended, as Wings does when the panel refuses it
   */
  async boot(panelUrl = this.#config.remote): Promise<void> {
    if (panelUrl !== this.#config.remote) await this.#connect(panelUrl)
    await boot(this.#daemon)
  }

  /** Ends the process and starts it again: what it only had in memory is gone, what it was told takes effect. */
  async restart(): Promise<void> {
    await this.#end()
    await this.#readConfig()
    this.#daemon = this.#newDaemon()
    if (this.#config.remote !== '') await boot(this.#daemon)
    await this.listen()
  }

  /** Loads a server as if the node had known it from its boot; `plainServer()` describes one. */
  async add(description: ServerDescription): Promise<GameServer> {
    const server = await register(this.#daemon, readConfiguration(structuredClone(description), this.flavour))
    server.hasContainer = true
    return server
  }

  /** Somebody signs in over SFTP; null where the panel turns him away. */
  signInToSftp(signIn: SftpSignIn): Promise<SftpGrant | null> {
    return signInToSftp(this.#daemon, signIn)
  }

  /** Somebody signs in over SFTP and stays; null where the panel turns him away. */
  openSftp(signIn: SftpSignIn): Promise<SftpSession | null> {
    return openSftp(this.#daemon, signIn)
  }

  /** Something that people do here without the panel, such as a file that was changed over SFTP. */
  record(activity: Parameters<Daemon['activity']['record']>[0]): void {
    this.#daemon.activity.record(activity)
  }

  /** Sends what is due at once. @throws {Error} when the panel refuses it: it is sent again later */
  sendActivity(): Promise<void> {
    return this.#daemon.activity.send()
  }

  /** Cuts the websockets of all who watch. */
  cutSockets(): void {
    this.#listener?.cutSockets()
  }

  /** @throws {Error} that names every call which Wings does not have */
  assertNoUnknown(): void {
    if (this.unknown.length === 0) return
    const calls = this.unknown.map(({ method, path }) => `${method} ${path}`)
    throw new Error(`the node was asked for what Wings does not have: ${calls.join(', ')}`)
  }

  async stop(): Promise<void> {
    await this.#end()
    if (this.#isOwnFolder) await rm(this.dataDir, { recursive: true, force: true })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  async #end(): Promise<void> {
    await saveStates(this.#daemon)
    await this.#listener?.close()
    this.#listener = null
    await this.#daemon.stop()
  }

  /** A node that was started before its panel learns where that is, and begins a new life with it. */
  async #connect(panelUrl: string): Promise<void> {
    const isListening = this.#listener !== null
    await this.#end()
    this.#config = { ...this.#daemon.config, remote: panelUrl }
    this.#daemon = this.#newDaemon()
    if (isListening) await this.listen()
  }

  async #readConfig(): Promise<void> {
    const held = await readFile(join(this.dataDir, 'config.json'), 'utf8').catch(() => null)
    if (held !== null) this.#config = JSON.parse(held) as NodeConfig
  }

  #newDaemon(): Daemon {
    const {
      timing,
      game,
      missingImages = [],
      remoteFiles = {},
      clockSkewMs = 0,
      upForMs = 0,
      version,
      fetch,
    } = this.#options
    return new Daemon({
      flavour: this.flavour,
      version: version ?? VERSIONS[this.flavour],
      config: this.#config,
      dataDir: this.dataDir,
      timing: { ...USUAL_TIMING, ...timing },
      makeGame: game ?? scriptedGame,
      fetch: fetch ?? globalThis.fetch,
      asked: this.asked,
      log: this.log,
      transferFaults: this.transferFaults,
      missingImages,
      remoteFiles,
      clockSkewMs,
      upForMs,
    })
  }
}

/**
 * Starts a simulated node. With a panel it boots first and listens then, as Wings does; `boot: false` leaves the panel
 * alone until `boot()`.
 *
 * @throws {Error} why the process ended while it booted
 */
export async function startWings(options: WingsOptions = {}): Promise<Wings> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'wings-')))
  await mkdir(dataDir, { recursive: true })
  const wings = new Wings(options, dataDir, configOf(options, dataDir))
  try {
    if (options.panelUrl && options.boot !== false) await wings.boot()
    await wings.listen()
    return wings
  } catch (error) {
    await wings.stop()
    throw error
  }
}

export { plainServer } from './description.ts'
export type { SeenCall, PanelCall, GameServer, WingsOptions, Flavour }
