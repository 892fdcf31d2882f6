import { randomBytes, randomUUID } from 'node:crypto'
import type { MakeGame } from './game.ts'

export type Flavour = 'pterodactyl' | 'pelican'

/** How fast the simulated node lives. The figures of a real node; tests shorten what they would have to wait for. */
export interface Timing {
  /** Between two lines of an installer or of a game that comes up. */
  stepMs: number
  /** Between two lines of a game at work; 0 for a quiet one. */
  tickMs: number
  statsMs: number
  activityMs: number
  tokenCheckMs: number
  panelTimeoutMs: number
  retryFirstMs: number
  retryForMs: number
  /** How long a stop is waited for before the game is killed. */
  stopWaitMs: number
  /** A second crash within this time is not answered with a start. */
  crashTimeoutMs: number
  /** How long a transfer rests half-way. */
  transferMs: number
}

export const USUAL_TIMING: Timing = {
  stepMs: 60,
  tickMs: 15_000,
  statsMs: 1_000,
  activityMs: 3_000,
  tokenCheckMs: 30_000,
  panelTimeoutMs: 30_000,
  retryFirstMs: 500,
  retryForMs: 30_000,
  stopWaitMs: 600_000,
  crashTimeoutMs: 60_000,
  transferMs: 0,
}

/** A promise is a host that has not answered yet. */
export type RemoteFiles = Record<string, string | Promise<string>>

export interface WingsOptions {
  flavour?: Flavour
  /** Where the panel is: as the configuration's `remote` it is also the origin that websockets must name. Without it nothing boots. */
  panelUrl?: string
  tokenId?: string
  token?: string
  /** Where servers, archives and the configuration lie. Left out: a folder of its own, removed when the node stops. */
  dataDir?: string
  host?: string
  port?: number
  version?: string
  /** False: listens without having asked the panel; `boot()` does that later. */
  boot?: boolean
  allowedOrigins?: string[]
  /** Folders of the host that servers may be given. */
  allowedMounts?: string[]
  /** Hosts on private addresses from which Pelican restores all the same. */
  restoreHosts?: string[]
  bootServersPerPage?: number
  websocketLogCount?: number
  uploadLimitMib?: number
  ignorePanelConfigUpdates?: boolean
  /** Images that this node cannot pull. */
  missingImages?: string[]
  /** What `files/pull` finds, by address, when it comes: the simulated node never leaves its machine. */
  remoteFiles?: RemoteFiles
  /** How far this node's clock is ahead. */
  clockSkewMs?: number
  /** How long it claims to have been up: tokens older than that are refused. */
  upForMs?: number
  timing?: Partial<Timing>
  game?: MakeGame
  /** For a panel that lives in the same process. */
  fetch?: typeof globalThis.fetch
  /** Answers `/_simulator/…`, through which another process orders faults and reads what was seen. */
  control?: boolean
}

export interface NodeConfig {
  debug: boolean
  uuid: string
  token_id: string
  token: string
  api: {
    host: string
    port: number
    ssl: { enabled: boolean; cert: string; key: string }
    upload_limit: number
    disable_remote_download: boolean
  }
  system: {
    data: string
    websocket_log_count: number
    sftp: { bind_port: number }
    backups?: { restore_host_allowlist: string[] }
  }
  remote: string
  remote_query: { boot_servers_per_page: number }
  allowed_mounts: string[]
  allowed_origins: string[]
  ignore_panel_config_updates: boolean
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Letters and digits only: a dot or a dollar sign in a token is read as something else by Wings or by the panel. */
export function randomToken(length: number): string {
  return Array.from(randomBytes(length), (byte) => ALPHABET[byte % ALPHABET.length]).join('')
}

export function configOf(options: WingsOptions, dataDir: string): NodeConfig {
  return {
    debug: false,
    uuid: randomUUID(),
    token_id: options.tokenId ?? randomToken(16),
    token: options.token ?? randomToken(64),
    api: {
      host: options.host ?? '127.0.0.1',
      port: options.port ?? 0,
      ssl: { enabled: false, cert: '', key: '' },
      upload_limit: options.uploadLimitMib ?? 100,
      disable_remote_download: false,
    },
    system: {
      data: `${dataDir}/volumes`,
      websocket_log_count: options.websocketLogCount ?? 150,
      sftp: { bind_port: 2022 },
      backups: { restore_host_allowlist: options.restoreHosts ?? [] },
    },
    remote: options.panelUrl ?? '',
    remote_query: { boot_servers_per_page: options.bootServersPerPage ?? 50 },
    allowed_mounts: options.allowedMounts ?? [],
    allowed_origins: options.allowedOrigins ?? [],
    ignore_panel_config_updates: options.ignorePanelConfigUpdates ?? false,
  }
}
