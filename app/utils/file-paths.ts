/** `/plugins` and `a.yml` → `/plugins/a.yml`. */
export const joinPath = (folder: string, name: string): string => `${folder === '/' ? '' : folder}/${name}`

export const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/'

export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** The folder that a route's parts mean. */
export const pathOfParts = (parts: string | readonly string[] | undefined): string =>
  `/${(Array.isArray(parts) ? parts : parts ? [parts] : []).join('/')}`

/** The parts of a route that mean a path. */
export const partsOfPath = (path: string): string[] => path.split('/').filter(Boolean)

const ARCHIVE = /\.(zip|tar|tgz|tar\.gz|tar\.bz2|tbz2|tar\.xz|txz|gz|7z|rar)$/i
export const isArchive = (name: string): boolean => ARCHIVE.test(name)

const BINARY =
  /\.(jar|zip|gz|tgz|7z|rar|xz|bz2|png|jpe?g|gif|webp|ico|mp[34]|ogg|wav|class|so|dll|exe|bin|dat|db|sqlite|mca|nbt|pak|vpk|bsp)$/i

/** What the editor opens: a file of text that is not too large for it. */
export const isEditable = (
  {
    is_file: isFile,
    is_symlink: isLink,
    size,
    mimetype,
    name,
  }: { is_file: boolean; is_symlink: boolean; size: number; mimetype: string; name: string },
  maxBytes = 4 * 1024 * 1024,
): boolean =>
  isFile &&
  !isLink &&
  size <= maxBytes &&
  !BINARY.test(name) &&
  !/^(image|audio|video|font)\/|zip|octet-stream.*executable/.test(mimetype)

const ICONS: [RegExp, string][] = [
  [ARCHIVE, 'i-lucide-file-archive'],
  [/\.(png|jpe?g|gif|webp|ico|svg)$/i, 'i-lucide-file-image'],
  [/\.(json|ya?ml|toml|properties|ini|cfg|conf|env)$/i, 'i-lucide-file-cog'],
  [/\.(js|ts|py|sh|lua|java|kt|go|rs|c|cpp|cs|php|rb)$/i, 'i-lucide-file-code'],
  [/\.(log|txt|md)$/i, 'i-lucide-file-text'],
]
export const fileIcon = ({
  is_file: isFile,
  is_symlink: isLink,
  name,
}: {
  is_file: boolean
  is_symlink: boolean
  name: string
}): string =>
  isLink
    ? 'i-lucide-link'
    : !isFile
      ? 'i-lucide-folder'
      : (ICONS.find(([pattern]) => pattern.test(name))?.[1] ?? 'i-lucide-file')
