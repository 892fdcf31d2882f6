import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Daemon } from './daemon.ts'
import { bool, int, list, struct, text } from './decode.ts'
import type { NodeConfig } from './options.ts'

type Tree = Record<string, unknown>

/** Only read for its types: what is sent is laid over the configuration as it is. */
export const sentConfig = struct({
  debug: bool,
  uuid: text,
  token_id: text,
  token: text,
  api: struct({ host: text, port: int, ssl: struct({ enabled: bool, cert: text, key: text }), upload_limit: int }),
  system: struct({ data: text, sftp: struct({ bind_port: int }) }),
  remote: text,
  allowed_origins: list(text),
  ignore_panel_config_updates: bool,
})

/** Which keys of the panel's tree each flavour does not take over. */
const IGNORED: Record<Daemon['flavour'], string[]> = {
  pterodactyl: ['allowed_mounts'],
  pelican: ['allowed_mounts', 'remote', 'system.data'],
}

/**
 * Lays what the panel sends over the configuration and keeps it. Part of it counts at once, the rest after a restart.
 * False when this node's administrator has refused it.
 */
export async function updateConfig(daemon: Daemon, told: Tree): Promise<boolean> {
  if (daemon.config.ignore_panel_config_updates) return false
  const merged = merge(daemon.config as unknown as Tree, told, IGNORED[daemon.flavour]) as unknown as NodeConfig
  if (merged.api.ssl.key.startsWith('/etc/letsencrypt/live/'))
    merged.api.ssl = { ...daemon.config.api.ssl, enabled: merged.api.ssl.enabled }
  daemon.config = merged
  await writeFile(join(daemon.dataDir, 'config.json'), JSON.stringify(merged, null, 2), { mode: 0o600 })
  return true
}

function merge(held: Tree, told: Tree, ignored: string[], path = ''): Tree {
  const merged = { ...held }
  for (const [key, value] of Object.entries(told)) {
    const at = path === '' ? key : `${path}.${key}`
    if (ignored.includes(at) || value === null) continue
    const isTree = (one: unknown): one is Tree => typeof one === 'object' && one !== null && !Array.isArray(one)
    merged[key] = isTree(value) && isTree(held[key]) ? merge(held[key], value, ignored, at) : value
  }
  return merged
}
