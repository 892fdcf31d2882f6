import { z } from 'zod'
import { isRootPath } from '#shared/utils/paths'
import { AppError } from '#server/errors'
import { TooLong } from './answer'
import { at, isStatus, type WingsCall } from './call'
import { entry, inside } from './inside'

const PACKING_TIMEOUT_MS = 15 * 60_000
const FETCHING_TIMEOUT_MS = 60 * 60_000
const SEARCH_TIMEOUT_MS = 2 * 60_000

const moment = z.string().transform((printed) => {
  const time = new Date(printed)
  return (Number.isNaN(time.getTime()) ? new Date(0) : time).toISOString()
})

const stat = z
  .object({
    name: z.string(),
    created: moment,
    modified: moment,
    mode: z.string(),
    mode_bits: z.string(),
    size: z.number(),
    directory: z.boolean(),
    file: z.boolean(),
    symlink: z.boolean().catch(false),
    mime: z.string().catch('application/octet-stream'),
  })
  .transform((said) => ({
    name: said.name,
    /** In Go's notation: `-rw-r--r--`, `drwxr-xr-x`, `Lrwxrwxrwx`, `prw-r--r--`. */
    mode: said.mode,
    /** Octal digits. */
    modeBits: said.mode_bits,
    sizeBytes: said.size,
    isFile: said.file,
    isDirectory: said.directory,
    // Pterodactyl says false of every file.
    isSymlink: said.symlink || said.mode.startsWith('L'),
    mime: said.directory ? 'inode/directory' : said.mime,
    createdAt: said.created,
    modifiedAt: said.modified,
  }))

export type FileStat = z.output<typeof stat>

const stats = z
  .array(stat)
  .nullable()
  .transform((all) => all ?? [])

const pulls = z
  .object({ downloads: z.array(z.object({ Identifier: z.string(), Progress: z.number() })).nullish() })
  .transform(({ downloads }) =>
    (downloads ?? []).map((one) => ({ identifier: one.Identifier, progress: one.Progress })),
  )

export interface Pull {
  folder: string
  url: string
  fileName?: string
  useHeader?: boolean
}

/** Everything here takes as long as what a person asked for. */
const mayDawdle = true

/**
 * The files of one server. Paths come in any spelling and leave in one; `file.path_refused` is thrown for those that have
 * none, before anything is sent. Existence is the node's to know: Pterodactyl answers 500 where Pelican says 404.
 */
export function fileOperations(call: WingsCall) {
  async function list(server: string, folder: string): Promise<FileStat[]> {
    const query = { directory: inside(folder) }
    return (
      await call('GET', at`/api/servers/${server}/files/list-directory`, { query, reply: stats, mayDawdle })
    ).toSorted(byKindAndName)
  }

  async function listIfThere(server: string, folder: string): Promise<FileStat[]> {
    try {
      return await list(server, folder)
    } catch (error) {
      const path = inside(folder)
      if (path === '/' || !(isStatus(error, 404) || isStatus(error, 500))) throw error
      const cut = path.lastIndexOf('/')
      const beside = await listIfThere(server, path.slice(0, cut))
      if (beside.some(({ name }) => name === path.slice(cut + 1))) throw error
      return []
    }
  }

  return {
    /** Folders first, then by name: Pterodactyl lists in no order. */
    list,

    /** Nothing where there is no such folder: the one above, which a daemon that answers so is asked for, does not have it. */
    listIfThere,

    /** @throws {AppError} `file.too_large` before the body is read. A named pipe hangs until time is up: look at its mode first. */
    contents: async (server: string, file: string, { maxBytes }: { maxBytes: number }) => {
      const query = { file: inside(file) }
      const answer = await call
        .raw('GET', at`/api/servers/${server}/files/contents`, { query, maxBytes, mayDawdle })
        .catch((error: unknown) => {
          throw error instanceof TooLong ? new AppError('file.too_large', { cause: error }) : error
        })
      return { bytes: answer.bytes, mime: String(answer.headers['x-mime-type'] ?? 'application/octet-stream') }
    },

    /** Creates the folders on the way. */
    write: async (server: string, file: string, bytes: Uint8Array) =>
      call('POST', at`/api/servers/${server}/files/write`, { query: { file: inside(file) }, bytes, mayDawdle }),

    /** Moves too. A source that does not exist is passed over. */
    rename: async (server: string, folder: string, files: { from: string; to: string }[]) =>
      call('PUT', at`/api/servers/${server}/files/rename`, {
        json: { root: inside(folder), files: files.map(({ from, to }) => ({ from: entry(from), to: entry(to) })) },
        mayDawdle,
      }),

    copy: async (server: string, file: string) =>
      call('POST', at`/api/servers/${server}/files/copy`, { json: { location: inside(file) }, mayDawdle }),

    createDirectory: async (server: string, folder: string, name: string) =>
      call('POST', at`/api/servers/${server}/files/create-directory`, {
        json: { name: entry(name), path: inside(folder) },
        mayDawdle,
      }),

    /** @throws {AppError} `file.root_refused`: Pelican would answer 204 and have deleted everything. */
    remove: async (server: string, folder: string, files: string[]) => {
      if (files.some(isRootPath)) throw new AppError('file.root_refused')
      await call('POST', at`/api/servers/${server}/files/delete`, {
        json: { root: inside(folder), files: files.map(entry) },
        mayDawdle,
      })
    },

    /** Modes are octal digits. One file a call: of several, Pterodactyl changes the last one more than once. */
    chmod: async (server: string, folder: string, files: { file: string; mode: string }[]) => {
      const bodies = files.map(({ file, mode }) => ({ root: inside(folder), files: [{ file: entry(file), mode }] }))
      for (const json of bodies) await call('POST', at`/api/servers/${server}/files/chmod`, { json, mayDawdle })
    },

    /** Answers when the archive is written. Only Pelican takes a name and a kind. */
    compress: async (
      server: string,
      folder: string,
      files: string[],
      named: { name?: string | null; extension?: string | null } = {},
    ) =>
      call('POST', at`/api/servers/${server}/files/compress`, {
        json: {
          root: inside(folder),
          files: files.map(entry),
          ...(named.name && { name: entry(named.name) }),
          ...(named.extension && { extension: named.extension }),
        },
        timeoutMs: PACKING_TIMEOUT_MS,
        reply: stat,
        mayDawdle,
      }),

    /** Unpacks into the folder and overwrites what is there. */
    decompress: async (server: string, folder: string, file: string) =>
      call('POST', at`/api/servers/${server}/files/decompress`, {
        json: { root: inside(folder), file: entry(file) },
        timeoutMs: PACKING_TIMEOUT_MS,
        mayDawdle,
      }),

    /** Only Pelican searches. Names are paths below the folder. */
    search: async (server: string, folder: string, pattern: string) =>
      call('GET', at`/api/servers/${server}/files/search`, {
        query: { directory: inside(folder), pattern },
        timeoutMs: SEARCH_TIMEOUT_MS,
        reply: stats,
        mayDawdle,
      }),

    /** Begins it. A refused target then stands only in the node's log. */
    pull: async (server: string, wanted: Pull) =>
      call('POST', at`/api/servers/${server}/files/pull`, {
        json: { ...pullOf(wanted), foreground: false },
        reply: z.object({ identifier: z.string() }),
        mayDawdle,
      }),

    /** Waits for it. */
    pullAndWait: async (server: string, wanted: Pull) =>
      call('POST', at`/api/servers/${server}/files/pull`, {
        json: { ...pullOf(wanted), foreground: true },
        timeoutMs: FETCHING_TIMEOUT_MS,
        reply: stat,
        mayDawdle,
      }),

    pulls: async (server: string) => call('GET', at`/api/servers/${server}/files/pull`, { reply: pulls, mayDawdle }),

    cancelPull: async (server: string, identifier: string) =>
      call('DELETE', at`/api/servers/${server}/files/pull/${identifier}`, { mayDawdle }),
  }
}

const pullOf = ({ folder, url, fileName, useHeader = false }: Pull) => ({
  root: inside(folder),
  url,
  ...(fileName && { file_name: entry(fileName) }),
  use_header: useHeader,
})

function byKindAndName(one: FileStat, other: FileStat): number {
  if (one.isDirectory !== other.isDirectory) return one.isDirectory ? -1 : 1
  return one.name < other.name ? -1 : 1
}
