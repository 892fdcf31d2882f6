import { chmod, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, posix } from 'node:path'
import { list, struct, text } from '../decode.ts'
import { assertDiskSpace } from '../disk.ts'
import { listDirectory, mimeOf } from '../file-stat.ts'
import { assertAllowed, copyTarget, deleteFile, look, nameTooLong, notFound, renameFiles } from '../files.ts'
import { empty, json, readJson, Refusal, type Answer } from '../http.ts'
import { serverRoute, type Route } from './route.ts'

const renaming = struct({ root: text, files: list(struct({ from: text, to: text })) })
const copying = struct({ location: text })
const creation = struct({ name: text, path: text })
const naming = struct({ root: text, files: list(text) })
const modes = struct({ root: text, files: list(struct({ file: text, mode: text })) })

const noFiles = () => new Refusal(422, 'No files were named.')

export const fileRoutes: Route[] = [
  serverRoute('GET /api/servers/:server/files/list-directory', async ({ server, call }) => {
    const { absolute, stats } = await look(server, call.query.get('directory') ?? '')
    if (!stats) throw notFound(server)
    if (!stats.isDirectory()) throw new Error('not a directory')
    return json(200, await listDirectory(absolute, server.flavour))
  }),

  serverRoute('GET /api/servers/:server/files/contents', async ({ server, call }): Promise<Answer> => {
    const path = call.query.get('file') ?? ''
    if (server.flavour === 'pelican') assertAllowed(server, path)
    const { absolute, stats } = await look(server, path)
    if (!stats) throw notFound(server)
    if (stats.isFIFO()) return new Promise(() => undefined) // hangs there until the caller gives up
    if (stats.isDirectory()) return directoryRead(server.flavour === 'pelican')
    if (!stats.isFile()) throw new Error('not a regular file')

    const name = basename(absolute)
    const download = {
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename=${JSON.stringify(name)}`,
    }
    return {
      status: 200,
      headers: { 'x-mime-type': mimeOf(name), ...(call.query.get('download') ? download : {}) },
      body: await readFile(absolute),
    }
  }),

  serverRoute('POST /api/servers/:server/files/write', async ({ server, call }) => {
    const path = call.query.get('file') ?? ''
    if (call.headers['content-length'] === undefined) throw new Refusal(400, 'Missing Content-Length')
    assertAllowed(server, path)
    const { absolute, stats } = await look(server, path)
    if (stats?.isDirectory()) throw new Refusal(400, 'A folder of that name is in the way.')
    if (stats && !stats.isFile()) throw new Error('not a regular file')
    await assertDiskSpace(server, call.body.length - (stats?.size ?? 0))
    await mkdir(dirname(absolute), { recursive: true })
    await writeFile(absolute, call.body).catch((error: NodeJS.ErrnoException) => {
      throw nameTooLong(error)
    })
    return empty(204)
  }),

  serverRoute('PUT /api/servers/:server/files/rename', async ({ server, call }) => {
    const { root, files } = readJson(call, renaming)
    if (files.length === 0) throw new Refusal(422, 'No files were named.')
    await renameFiles(server, root, files)
    return empty(204)
  }),

  serverRoute('POST /api/servers/:server/files/copy', async ({ server, call }) => {
    const { location } = readJson(call, copying)
    assertAllowed(server, location)
    const { absolute, stats } = await look(server, location)
    if (!stats?.isFile()) throw notFound(server)
    await assertDiskSpace(server, stats.size)
    await copyFile(absolute, await copyTarget(dirname(absolute), basename(absolute)))
    return empty(204)
  }),

  serverRoute('POST /api/servers/:server/files/create-directory', async ({ server, call }) => {
    const { name, path } = readJson(call, creation)
    const { absolute, stats } = await look(server, posix.join(path, name), 'root')
    if (stats && !stats.isDirectory())
      throw server.flavour === 'pelican'
        ? new Refusal(400, 'A file of that name is in the way.')
        : new Error('not a directory')
    await mkdir(absolute, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
      throw nameTooLong(error)
    })
    return empty(204)
  }),

  serverRoute('POST /api/servers/:server/files/delete', async ({ server, call }) => {
    const { root, files } = readJson(call, naming)
    if (files.length === 0) throw noFiles()
    for (const file of files) await deleteFile(server, posix.join(root, file))
    return empty(204)
  }),

  serverRoute('POST /api/servers/:server/files/chmod', async ({ server, call }) => {
    const { root, files } = readJson(call, modes)
    if (files.length === 0) throw noFiles()
    if (files.some(({ mode }) => !/^[0-7]+$/.test(mode))) throw new Refusal(400, 'Invalid file mode.')

    // Pterodactyl's goroutines share one variable: each of them finds the last file in it.
    const wanted = server.flavour === 'pelican' ? files : files.map(() => files.at(-1) ?? { file: '', mode: '' })
    for (const { file, mode } of wanted) {
      const { absolute, stats } = await look(server, posix.join(root, file), 'root')
      if (stats && !stats.isSymbolicLink()) await chmod(absolute, Number.parseInt(mode, 8))
    }
    return empty(204)
  }),
]

/** Pterodactyl announces more than it sends. */
function directoryRead(isPelican: boolean): Answer {
  if (isPelican) throw new Refusal(400, 'That is a folder.')
  return { status: 500, body: '{"error":"An unexpected error', isTorn: true }
}
