/** What a person is told about a server: one word, never two. */
export const SERVER_STATES = [
  'suspended',
  'transferring',
  'restoring',
  'installing',
  'install_failed',
  'maintenance',
  'running',
  'starting',
  'stopping',
  'offline',
  'unknown',
] as const
export type ServerState = (typeof SERVER_STATES)[number]

/** What a node says of a server's process. */
export type PowerState = 'running' | 'starting' | 'stopping' | 'offline'

interface Facts {
  status: string | null
  is_suspended?: boolean
  is_transferring?: boolean
  is_node_under_maintenance?: boolean
}

const BY_STATUS: Record<string, ServerState> = {
  suspended: 'suspended',
  restoring_backup: 'restoring',
  installing: 'installing',
  install_failed: 'install_failed',
  reinstall_failed: 'install_failed',
}

/** The first that applies: what the panel knows comes before what the node says; silence of the node is `unknown`. */
export function serverStateOf(server: Facts, power: PowerState | null | undefined): ServerState {
  if (server.is_suspended) return 'suspended'
  if (server.is_transferring) return 'transferring'
  const byStatus = BY_STATUS[server.status ?? '']
  if (byStatus) return byStatus
  if (server.is_node_under_maintenance) return 'maintenance'
  return power ?? 'unknown'
}

const BUSY: readonly ServerState[] = ['suspended', 'transferring', 'restoring', 'installing', 'maintenance']

/** Whether a server cannot be worked with now, and so neither can what belongs to it: the panel answers 409. */
export function isServerBusy(server: Facts): boolean {
  const state = serverStateOf(server, null)
  return BUSY.includes(state) || (state === 'install_failed' && server.status !== 'reinstall_failed')
}

interface Look {
  icon: string
  class: string
}

export const SERVER_LOOKS: Record<ServerState, Look> = {
  running: { icon: '', class: 'text-success' },
  starting: { icon: 'i-lucide-loader-circle', class: 'text-info' },
  stopping: { icon: 'i-lucide-circle-stop', class: 'text-warning' },
  offline: { icon: 'i-lucide-circle', class: 'text-muted' },
  installing: { icon: 'i-lucide-hammer', class: 'text-info' },
  install_failed: { icon: 'i-lucide-circle-x', class: 'text-error' },
  suspended: { icon: 'i-lucide-ban', class: 'text-warning' },
  transferring: { icon: 'i-lucide-arrow-right-left', class: 'text-info' },
  restoring: { icon: 'i-lucide-archive-restore', class: 'text-info' },
  maintenance: { icon: 'i-lucide-wrench', class: 'text-warning' },
  unknown: { icon: 'i-lucide-circle-dashed', class: 'text-muted' },
}

export const NODE_STATES = ['reachable', 'browsers_blocked', 'no_contact', 'maintenance', 'never_seen'] as const
export type NodeState = (typeof NODE_STATES)[number]

export const NODE_LOOKS: Record<NodeState, Look> = {
  reachable: { icon: 'i-lucide-circle-check', class: 'text-success' },
  browsers_blocked: { icon: 'i-lucide-triangle-alert', class: 'text-warning' },
  no_contact: { icon: 'i-lucide-unplug', class: 'text-error' },
  maintenance: { icon: 'i-lucide-wrench', class: 'text-warning' },
  never_seen: { icon: 'i-lucide-circle-dashed', class: 'text-muted' },
}

/** How near a use is to its limit: from 80 % a warning, from 95 % an error. */
export function pressureOf(
  used: number | null | undefined,
  limit: number | null | undefined,
): 'none' | 'warning' | 'error' {
  if (!limit || used === null || used === undefined) return 'none'
  const share = used / limit
  return share >= 0.95 ? 'error' : share >= 0.8 ? 'warning' : 'none'
}
