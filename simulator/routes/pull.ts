import { randomUUID } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Daemon } from '../daemon.ts'
import { bool, struct, text } from '../decode.ts'
import { assertDiskSpace } from '../disk.ts'
import { statOf } from '../file-stat.ts'
import { assertAllowed, place } from '../files.ts'
import { empty, json, readJson, Refusal } from '../http.ts'
import type { GameServer } from '../server.ts'
import { serverRoute, type Route } from './route.ts'

const MOST_AT_ONCE = 3
/** In which a download arrives. */
const STEPS = 10

const order = struct({ root: text, directory: text, url: text, file_name: text, use_header: bool, foreground: bool })

function assertEnabled(daemon: Daemon): void {
  if (daemon.config.api.disable_remote_download) throw new Refusal(400, 'Downloads are switched off on this node.')
}

export const pullRoutes: Route[] = [
  serverRoute('GET /api/servers/:server/files/pull', ({ daemon, server }) => {
    assertEnabled(daemon)
    const downloads = [...server.pulls].map(([Identifier, Progress]) => ({ Identifier, Progress }))
    return json(200, { downloads: downloads.length > 0 ? downloads : null })
  }),

  serverRoute('POST /api/servers/:server/files/pull', async ({ daemon, server, call }) => {
    assertEnabled(daemon)
    const { root, directory, url, file_name: named, foreground } = readJson(call, order)
    const folder = root || directory
    if (!URL.canParse(url) || folder === '')
      throw new Refusal(400, 'The address or the folder cannot be read.', { namesRequest: true })
    if (server.pulls.size >= MOST_AT_ONCE) throw new Refusal(400, 'Three downloads are under way already.')

    const identifier = randomUUID()
    server.pulls.set(identifier, 0)
    const pull = () =>
      fetchInto(daemon, server, { identifier, url, folder, name: named || basename(new URL(url).pathname) })
    if (foreground) return json(200, await pull())
    // What is refused from here on stands in the node's log only.
    daemon.background(`download of ${url}`, pull)
    return json(202, { identifier })
  }),

  serverRoute('DELETE /api/servers/:server/files/pull/:pull', ({ daemon, server, call }) => {
    assertEnabled(daemon)
    server.pulls.delete(call.params.pull ?? '')
    return empty(204)
  }),
]

interface Pull {
  identifier: string
  url: string
  folder: string
  name: string
}

async function fetchInto(daemon: Daemon, server: GameServer, { identifier, url, folder, name }: Pull) {
  try {
    const answered = await daemon.remoteFiles[url]
    if (answered === undefined) throw new Error(`the address cannot be reached, or must not be: ${url}`)
    const bytes = Buffer.from(answered)
    const { absolute, relative } = place(server, folder)
    assertAllowed(server, join(relative, name))
    await assertDiskSpace(server, bytes.length)
    for (let step = 1; step <= STEPS; step++) {
      await setTimeout(daemon.timing.stepMs, undefined, { signal: daemon.signal })
      if (!server.pulls.has(identifier)) throw new Error('context canceled')
      server.pulls.set(identifier, step / STEPS)
    }
    await mkdir(absolute, { recursive: true })
    await writeFile(join(absolute, name), bytes)
    return await statOf(join(absolute, name), name, server.flavour)
  } finally {
    server.pulls.delete(identifier)
  }
}
