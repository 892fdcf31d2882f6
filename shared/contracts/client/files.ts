import { z } from 'zod'
import { endpoint } from '../endpoint'
import { item, list, type Plain } from '../envelope'
import { flag, looseArray, stamp, wholeNumber } from '../fields'

export const fileObject = item(
  'file_object',
  z.object({
    name: z.string(),
    mode: z.string(), // `-rw-r--r--`
    mode_bits: z.string(), // `644`
    size: z.int(), // bytes
    is_file: z.boolean(),
    is_symlink: z.boolean(),
    mimetype: z.string(),
    created_at: stamp(),
    modified_at: stamp(),
  }),
)
export type FileObject = Plain<z.output<typeof fileObject>>

export const signedUrl = item('signed_url', z.object({ url: z.url() }))

/** Left out or null means the server's root; what a path may be is `shared/utils/paths.ts`. */
const directory = z.string().nullish()
const path = z.string().min(1)
const file = z.object({ file: path })

export const renameFilesBody = z.object({
  root: directory,
  files: looseArray(z.object({ from: path, to: path })).pipe(
    z.array(z.object({ from: z.string(), to: z.string() })).min(1),
  ),
})
export const copyFileBody = z.object({ location: path })
export const namedFilesBody = z.object({ root: directory, files: looseArray(path).pipe(z.array(z.string()).min(1)) })

/** Ways to pack. Pelican's daemon knows them all, Pterodactyl's always makes a tar.gz under a name of its own. */
export const ARCHIVE_EXTENSIONS = ['zip', 'tgz', 'tar.gz', 'txz', 'tar.xz', 'tbz2', 'tar.bz2'] as const
export const compressBody = namedFilesBody.extend({
  /** Without its extension; left out, the daemon names the archive. */
  name: z.string().max(191).nullish(),
  extension: z.enum(ARCHIVE_EXTENSIONS).nullish(),
})
export const decompressBody = z.object({ root: directory, file: path })
export const createFolderBody = z.object({ root: directory, name: path.max(255) })
export const chmodBody = z.object({
  root: directory,
  files: looseArray(z.object({ file: path, mode: wholeNumber({ min: 0, max: 7777 }) })).pipe(
    z.array(z.object({ file: z.string(), mode: z.number() })).min(1),
  ),
})

/** Each may also stand in the query, with `true` and `false` as words. */
export const pullFileBody = z.object({
  url: z.url({ protocol: /^https?$/ }).max(2048),
  directory,
  filename: z.string().max(255).nullish(),
  use_header: flag().nullish(),
  foreground: flag().nullish(), // answers when the file is there
})

/** Ours: what the node is fetching. */
export const filePull = item('file_pull', z.object({ identifier: z.string(), progress: z.number() })) // 0 to 1
export type FilePull = Plain<z.output<typeof filePull>>

export const files = {
  list: endpoint('GET /api/client/servers/:server/files/list', {
    query: z.object({ directory }),
    reply: list(fileObject),
  }),
  /** Answers the bytes as `text/plain`. */
  contents: endpoint('GET /api/client/servers/:server/files/contents', { query: file }),
  download: endpoint('GET /api/client/servers/:server/files/download', { query: file, reply: signedUrl }),
  upload: endpoint('GET /api/client/servers/:server/files/upload', { reply: signedUrl }),
  rename: endpoint('PUT /api/client/servers/:server/files/rename', { body: renameFilesBody }),
  copy: endpoint('POST /api/client/servers/:server/files/copy', { body: copyFileBody }),
  /** The body is the new content, byte for byte, whatever its label says. */
  write: endpoint('POST /api/client/servers/:server/files/write', { query: file }),
  compress: endpoint('POST /api/client/servers/:server/files/compress', { body: compressBody, reply: fileObject }),
  decompress: endpoint('POST /api/client/servers/:server/files/decompress', { body: decompressBody }),
  remove: endpoint('POST /api/client/servers/:server/files/delete', { body: namedFilesBody }),
  pull: endpoint('POST /api/client/servers/:server/files/pull', { body: pullFileBody }),
  // Ours, from here to the search.
  pulls: endpoint('GET /api/client/servers/:server/files/pull', { reply: list(filePull) }),
  cancelPull: endpoint('DELETE /api/client/servers/:server/files/pull/:pull', {
    params: z.object({ server: z.string(), pull: z.uuid() }),
  }),
  /** Names are paths below the folder. Only where the node's daemon can. */
  search: endpoint('GET /api/client/servers/:server/files/search', {
    query: z.object({ directory, pattern: z.string().min(3).max(255) }),
    reply: list(fileObject),
  }),
  createFolder: endpoint('POST /api/client/servers/:server/files/create-folder', { body: createFolderBody }),
  chmod: endpoint('POST /api/client/servers/:server/files/chmod', { body: chmodBody }),
}
