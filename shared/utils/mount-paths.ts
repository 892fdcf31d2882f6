/**
 * Folders of a host that hold what Wings or its engine keep, or that hand the host over: nothing in them, above them or equal
 * to them is shared with a server.
 */
const KEPT_BY_HOST = [
  // Of both daemons: their files, archives, logs, and what they unpack.
  '/etc/pterodactyl',
  '/etc/pelican',
  '/var/lib/pterodactyl',
  '/var/lib/pelican',
  '/var/log/pterodactyl',
  '/var/log/pelican',
  '/tmp/pterodactyl',
  '/tmp/pelican',
  '/srv/daemon-data',
  // Of engines, and what they are spoken to through.
  '/var/lib/docker',
  '/var/lib/containerd',
  '/etc/docker',
  '/run',
  '/var/run',
  // Secrets, and what the host runs by itself.
  '/root',
  '/boot',
  '/etc/shadow',
  '/etc/sudoers',
  '/etc/sudoers.d',
  '/etc/ssh',
  '/etc/letsencrypt',
  '/etc/ssl/private',
  '/etc/systemd',
  '/etc/cron.d',
  '/bin',
  '/sbin',
  '/lib',
  '/usr/bin',
  '/usr/sbin',
  '/usr/lib',
  '/usr/local/bin',
  '/proc',
  '/sys',
  '/dev',
] as const

/** A server's own files; what is mounted over them hides them. Below them a mount may lie. */
const HOME = '/home/container'
const KEPT_BY_CONTAINER = ['/proc', '/sys', '/dev'] as const
/** A daemon mounts these itself: a second mount at the same place keeps the container from starting, one above hides them. */
const MOUNTED_BY_DAEMON = [HOME, '/tmp', '/etc/passwd', '/etc/group', '/etc/machine-id'] as const

/** Absolute, with no step up and nothing that cannot be typed. */
export const isAbsolutePath = (path: string): boolean =>
  path.startsWith('/') && !/[\u0000-\u001F\u007F]/.test(path) && !path.split('/').some((part) => /^\.\.?$/.test(part))

/** `/srv//maps/` is `/srv/maps`. */
export const cleanPath = (path: string): string => path.replace(/\/+/g, '/').replace(/(?<=.)\/$/, '')

const isWithin = (path: string, folder: string): boolean =>
  folder === '/' || path === folder || path.startsWith(`${folder}/`)

/** Whether a folder of the host may be shared; `more` are the folders in which nodes keep the files of their servers. */
export function isSourceKept(path: string, more: readonly string[] = []): boolean {
  const clean = cleanPath(path)
  return [...KEPT_BY_HOST, ...more.map(cleanPath)].some((kept) => isWithin(clean, kept) || isWithin(kept, clean))
}

export function isTargetKept(path: string): boolean {
  const clean = cleanPath(path)
  return (
    MOUNTED_BY_DAEMON.some((own) => isWithin(own, clean)) || KEPT_BY_CONTAINER.some((kept) => isWithin(clean, kept))
  )
}
