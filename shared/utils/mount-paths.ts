/** Folders of a host that hold what Wings itself keeps, or that hand the host over: nothing in them, above them or equal to them is shared with a server. */
const KEPT_BY_HOST = [
  '/etc/pterodactyl',
  '/etc/pelican',
  '/var/lib/pterodactyl',
  '/var/lib/pelican',
  '/srv/daemon-data',
  '/var/lib/docker',
  '/var/run/docker.sock',
  '/run/docker.sock',
  '/proc',
  '/sys',
  '/dev',
] as const

/** A server's own files; what is mounted over them hides them. Below them a mount may lie. */
const HOME = '/home/container'
const KEPT_BY_CONTAINER = ['/proc', '/sys', '/dev'] as const

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
  return isWithin(HOME, clean) || KEPT_BY_CONTAINER.some((kept) => isWithin(clean, kept))
}
