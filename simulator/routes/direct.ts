import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join, posix } from 'node:path'
import { archivePath } from '../backups.ts'
import type { Daemon } from '../daemon.ts'
import { assertDiskSpace } from '../disk.ts'
import { assertAllowed, look, notFound, place } from '../files.ts'
import { empty, Refusal, type Answer, type Call } from '../http.ts'
import { readMultipart } from '../multipart.ts'
import type { GameServer } from '../server.ts'
import type { Claims, Scope } from '../tokens.ts'
import { knownServer, route, type Route } from './route.ts'

const MIB = 1_048_576
const gone = () => new Refusal(404, 'There is nothing under this address.')

/**
 * What a browser may do with a token that the panel signed, once. A token that cannot be read or has expired is an
 * unexpected error there; one that was used, or does not count here, finds nothing.
 */
function admit(daemon: Daemon, call: Call, scope: Scope): { claims: Claims; server: GameServer } {
  const claims = daemon.tokens.read(call.query.get('token') ?? '', daemon.secret)
  if (daemon.flavour === 'pelican') {
    const counts = daemon.tokens.hasScope(claims, scope) && Boolean(claims.user_uuid) && !daemon.tokens.isDenied(claims)
    if (!counts) throw gone()
  }
  const server = knownServer(daemon, claims.server_uuid)
  if (!daemon.tokens.use(claims)) throw gone()
  return { claims, server }
}

const attachment = (name: string, body: Buffer): Answer => ({
  status: 200,
  headers: {
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename=${JSON.stringify(name)}`,
  },
  body,
})

export const directRoutes: Route[] = [
  route(
    'GET /download/file',
    async ({ daemon, call }) => {
      const { claims, server } = admit(daemon, call, 'file-download')
      const path = claims.file_path ?? ''
      if (daemon.flavour === 'pelican') assertAllowed(server, path)
      const { absolute, stats } = await look(server, path)
      if (!stats) throw notFound(server)
      if (!stats.isFile()) throw new Error('not a regular file')
      return attachment(basename(absolute), await readFile(absolute))
    },
    { auth: 'own' },
  ),

  route(
    'GET /download/backup',
    async ({ daemon, call }) => {
      const { claims, server } = admit(daemon, call, 'backup-download')
      const path = archivePath(daemon, server, claims.backup_uuid ?? '')
      const archive = await readFile(path).catch(() => {
        throw gone()
      })
      return attachment(basename(path), archive)
    },
    { auth: 'own' },
  ),

  route(
    'POST /upload/file',
    async ({ daemon, call }) => {
      const { claims, server } = admit(daemon, call, 'file-upload')
      const files =
        readMultipart(call.headers['content-type'] ?? '', call.body)?.filter(({ field }) => field === 'files') ?? []
      if (files.length === 0) throw new Refusal(400, 'The form holds no files.')
      const limit = daemon.config.api.upload_limit
      if (files.some(({ bytes }) => bytes.length > limit * MIB))
        throw new Refusal(400, `File size exceeds the maximum of ${limit} MiB.`)

      const directory = call.query.get('directory') ?? ''
      for (const { fileName, bytes } of files) await store(server, { directory, name: basename(fileName ?? ''), bytes })
      for (const { fileName } of files) {
        const metadata = { file: basename(fileName ?? ''), directory }
        daemon.activity.record({
          user: claims.user_uuid ?? null,
          server: server.uuid,
          event: 'server:file.uploaded',
          metadata,
          ip: call.ip,
        })
      }
      return empty(200)
    },
    { auth: 'own' },
  ),
]

async function store(
  server: GameServer,
  { directory, name, bytes }: { directory: string; name: string; bytes: Buffer },
): Promise<void> {
  const { absolute, relative } = place(server, directory)
  assertAllowed(server, posix.join(relative, name))
  await assertDiskSpace(server, bytes.length)
  await mkdir(absolute, { recursive: true })
  await writeFile(join(absolute, name), bytes)
}
