import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Network } from './docker.ts'
import { startProgram, type Program } from './program.ts'

export type Flavour = 'pterodactyl' | 'pelican'

const READY_WITHIN_MS = 120_000

/** What the panel says about a node, as far as it is read here; the rest is handed on as it is. */
export const configuration = z.looseObject({
  token: z.string().min(1),
  token_id: z.string().min(1),
  uuid: z.uuid(),
  remote: z.url(),
  api: z.looseObject({ port: z.int() }),
  system: z.looseObject({ sftp: z.looseObject({ bind_port: z.int() }) }),
  docker: z.looseObject({}).optional(),
})
export type Configuration = z.output<typeof configuration>

export interface DaemonServer {
  uuid: string
  state: string
  is_suspended: boolean
  name: string
}

export interface Daemon {
  program: Program
  /** From its start to its first answer. */
  bootMs: number
  servers(): Promise<DaemonServer[]>
  stop(): Promise<void>
}

interface StartDaemon {
  binary: string
  flavour: Flavour
  given: Configuration
  network: Network
  folder: string
}

const heldServers = z.array(
  z.object({
    state: z.string(),
    is_suspended: z.boolean(),
    configuration: z.object({ uuid: z.string(), meta: z.object({ name: z.string() }) }),
  }),
)

/** Starts the daemon as it is. Its configuration is written anew each time: it rewrites the file at boot and at updates. */
export async function startDaemon({ binary, flavour, given, network, folder }: StartDaemon): Promise<Daemon> {
  const file = join(folder, 'config.yml')
  mkdirSync(folder, { recursive: true })
  // JSON is YAML as well.
  writeFileSync(file, JSON.stringify(adapt({ flavour, given, network, folder }), null, 2), { mode: 0o600 })

  const { HTTP_PROXY, HTTPS_PROXY, http_proxy, https_proxy, ...env } = process.env
  const started = performance.now()
  const program = await startProgram({
    name: 'The daemon',
    command: binary,
    args: ['--config', file],
    env,
    log: join(folder, 'daemon.log'),
  })

  const origin = `http://127.0.0.1:${given.api.port}`
  const headers = { authorization: `Bearer ${given.token}`, accept: 'application/json' }
  const isReady = async () => (await fetch(`${origin}/api/system`, { headers }).catch(() => undefined))?.status === 200

  try {
    await program.ready(isReady, READY_WITHIN_MS)
  } catch (error) {
    await program.stop()
    throw error
  }

  return {
    program,
    bootMs: performance.now() - started,
    async servers() {
      const reply = await fetch(`${origin}/api/servers`, { headers })
      return heldServers.parse(await reply.json()).map(({ configuration, ...held }) => ({
        uuid: configuration.uuid,
        name: configuration.meta.name,
        ...held,
      }))
    },
    stop: () => program.stop(),
  }
}

/** Only what this machine demands: loopback, folders and a network of its own, and short intervals. */
function adapt({ flavour, given, network, folder }: Omit<StartDaemon, 'binary'>) {
  const at = (name: string) => {
    const path = join(folder, name)
    mkdirSync(path, { recursive: true })
    return path
  }

  return {
    ...given,
    api: { ...given.api, host: '127.0.0.1' },
    system: {
      ...given.system,
      root_directory: at('root'),
      log_directory: at('log'),
      data: at('volumes'),
      archive_directory: at('archives'),
      backup_directory: at('backups'),
      tmp_directory: at('tmp'),
      username: flavour,
      timezone: 'UTC',
      enable_log_rotate: false, // it would leave a file in /etc/logrotate.d
      activity_send_interval: 3, // seconds
      disk_check_interval: 5, // seconds
      backups: { write_limit: 1 }, // MiB a second
      sftp: { ...given.system.sftp, bind_address: '127.0.0.1' },
      ...(flavour === 'pelican' && {
        user: { passwd: { enable: true, directory: at('passwd') } },
        machine_id: { enable: true, directory: at('machine-id') },
      }),
    },
    docker: {
      ...given.docker,
      network: {
        name: network.name,
        network_mode: network.name,
        interface: network.gateway, // Pterodactyl's reads it only from a network that it made
        ...(flavour === 'pelican' && { IPv6: false }), // Docker may have no addresses to give
      },
    },
  }
}
