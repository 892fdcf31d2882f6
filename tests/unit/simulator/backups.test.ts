import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { backupReport, restoreReport } from '#server/contracts/remote'
import { plainServer, type Flavour, type Wings } from '../../../simulator/wings.ts'
import { ask, consoleToken, openConsole, SERVER, sign, start, startFast, startPanel, until, type Panel } from './stage'

const BACKUP = '3c0e2f5c-6f5e-4c0e-9a54-6f3a7a1f2b10'
const REPORT = `POST /api/remote/backups/${BACKUP}`
const FLAVOURS: Flavour[] = ['pterodactyl', 'pelican']

const archiveOf = (wings: Wings) =>
  join(wings.dataDir, 'backups', wings.flavour === 'pelican' ? SERVER : '', `${BACKUP}.tar.gz`)
const write = (wings: Wings, file: string, content: string) =>
  ask(wings, `POST /api/servers/:server/files/write?file=${file}`, content)
const read = (wings: Wings, file: string) => ask(wings, `GET /api/servers/:server/files/contents?file=${file}`)
const order = (wings: Wings, more: object = {}) =>
  ask(wings, 'POST /api/servers/:server/backup', { adapter: 'wings', uuid: BACKUP, ignore: '', ...more })

async function onPanel(panel: Panel, flavour: Flavour = 'pterodactyl'): Promise<Wings> {
  panel.servers.set(SERVER, plainServer(SERVER))
  const wings = await startFast({ flavour, panelUrl: panel.url, allowedOrigins: ['*'] })
  await write(wings, '/world/level.dat', 'level')
  await write(wings, '/a.log', 'log')
  return wings
}

describe('a backup', () => {
  it.each(FLAVOURS)('is archived, reported, told at the console, and can be fetched: %s', async (flavour) => {
    await using panel = await startPanel()
    await using wings = await onPanel(panel, flavour)
    using browser = await openConsole(wings, {
      token: consoleToken(wings, { permissions: ['websocket.connect', 'backup.read'] }),
    })
    using bystander = await openConsole(wings, { token: consoleToken(wings, { permissions: ['websocket.connect'] }) })
    expect(await order(wings, { ignore: '*.log' })).toMatchObject({ status: 202, text: '' })
    await browser.seen('backup completed')

    const archive = readFileSync(archiveOf(wings))
    const checksum = createHash('sha1').update(archive).digest('hex')
    const sent = JSON.parse(panel.asked(REPORT)[0]?.body ?? '')
    expect(sent).toEqual({ checksum, checksum_type: 'sha1', size: archive.length, successful: true, parts: null })
    expect(backupReport.parse(sent)).toEqual(sent)
    expect(JSON.parse(browser.of('backup completed')[0]?.args?.[0] ?? '')).toMatchObject({
      uuid: BACKUP,
      is_successful: true,
      file_size: archive.length,
    })
    expect(bystander.of('backup completed')).toHaveLength(0)

    const token = sign(wings, { scope: 'backup-download', backup_uuid: BACKUP })
    const fetched = await fetch(`${wings.url}/download/backup?token=${token}`)
    expect(Buffer.from(await fetched.arrayBuffer()).equals(archive)).toBe(true)
  })

  it('is deleted again when the panel refuses its report, and nobody hears of it', async () => {
    await using panel = await startPanel()
    await using wings = await onPanel(panel)
    using browser = await openConsole(wings, { token: consoleToken(wings) })
    panel.on(REPORT, { status: 400 })
    await order(wings)

    await until(() => wings.log.length > 0)
    expect(existsSync(archiveOf(wings))).toBe(false)
    expect(browser.of('backup completed')).toHaveLength(0)
  })

  it.each<[Flavour, object, number]>([
    ['pterodactyl', { adapter: 'tape' }, 500],
    ['pelican', { uuid: 'nonsense' }, 400],
  ])('on %s is not begun with %j', async (flavour, more, status) => {
    await using panel = await startPanel()
    await using wings = await onPanel(panel, flavour)
    expect((await order(wings, more)).status).toBe(status)
  })

  it('goes to an object store in the parts that the panel names', async () => {
    await using panel = await startPanel()
    await using wings = await onPanel(panel)
    const received: Buffer[] = []
    const store = createServer((request, response) => {
      const chunks: Buffer[] = []
      request
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('end', () => {
          received.push(Buffer.concat(chunks))
          response.writeHead(200, { etag: `"part-${received.length}"` }).end()
        })
    })
    await new Promise<void>((done) => store.listen(0, '127.0.0.1', done))
    const place = `http://127.0.0.1:${(store.address() as AddressInfo).port}`
    panel.servers.clear()
    const sizeAsked = () => panel.requests.find(({ path }) => path.startsWith(`/api/remote/backups/${BACKUP}?size=`))
    for (let size = 50; size < 600; size += 1) {
      panel.on(`GET /api/remote/backups/${BACKUP}?size=${size}`, {
        status: 200,
        body: { parts: [`${place}/1`, `${place}/2`], part_size: Math.ceil(size / 2) },
      })
    }
    await order(wings, { adapter: 's3' })
    await until(() => panel.asked(REPORT).length === 1)

    const sent = backupReport.parse(JSON.parse(panel.asked(REPORT)[0]?.body ?? ''))
    expect(sent).toMatchObject({
      successful: true,
      parts: [
        { etag: '"part-1"', part_number: 1 },
        { etag: '"part-2"', part_number: 2 },
      ],
    })
    expect(Buffer.concat(received)).toHaveLength(sent.size)
    expect(sizeAsked()?.path).toContain(`size=${sent.size}`)
    await until(() => !existsSync(archiveOf(wings)))
    store.closeAllConnections()
    store.close()
  })

  it.each(FLAVOURS)(
    'outlives its server on Pterodactyl only, and is 404 when it is deleted twice: %s',
    async (flavour) => {
      await using panel = await startPanel()
      await using wings = await onPanel(panel, flavour)
      await order(wings)
      await until(() => panel.asked(REPORT).length === 1)
      const remove = () => ask(wings, `DELETE /api/servers/:server/backup/${BACKUP}`).then(({ status }) => status)
      expect([await remove(), await remove()]).toEqual([204, 404])

      await order(wings)
      await until(() => panel.asked(REPORT).length === 2)
      await ask(wings, 'DELETE /api/servers/:server')
      await until(() => !existsSync(join(wings.dataDir, 'volumes', SERVER)))
      await until(() => existsSync(archiveOf(wings)) === (flavour === 'pterodactyl'))
    },
  )
})

describe('a restore', () => {
  const restore = (wings: Wings, more: object = {}) =>
    ask(wings, `POST /api/servers/:server/backup/${BACKUP}/restore`, {
      adapter: 'wings',
      truncate_directory: false,
      download_url: '',
      ...more,
    })

  it('stops the server, lays the archive out, reports, and refuses power meanwhile', async () => {
    await using panel = await startPanel()
    await using wings = await onPanel(panel)
    await order(wings)
    await until(() => panel.asked(REPORT).length === 1)
    await write(wings, '/world/level.dat', 'changed')
    await write(wings, '/later.txt', 'x')
    await start(wings)
    using browser = await openConsole(wings, { token: consoleToken(wings) })

    expect((await restore(wings, { truncate_directory: true })).status).toBe(202)
    await browser.seen('backup restore completed')

    expect((await read(wings, '/world/level.dat')).text).toBe('level')
    expect((await read(wings, '/later.txt')).status).toBe(500)
    expect(browser.of('daemon message').flatMap(({ args }) => args)).toContain('(restoring): world/level.dat')
    const sent = JSON.parse(panel.asked(`${REPORT}/restore`)[0]?.body ?? '')
    expect(restoreReport.parse(sent)).toEqual({ successful: true })
    expect(wings.server(SERVER)).toMatchObject({ state: 'offline', isRestoring: false })
  })

  it('without its archive is an error, and the files are gone all the same', async () => {
    await using panel = await startPanel()
    await using wings = await onPanel(panel)
    expect((await restore(wings, { truncate_directory: true })).status).toBe(500)

    expect((await ask(wings, 'GET /api/servers/:server/files/list-directory?directory=/')).body).toEqual([])
    expect((await restore(wings, { adapter: '' })).status).toBe(400)
    expect((await restore(wings, { adapter: 's3' })).status).toBe(400)
  })

  it.each<[Flavour, string[], number]>([
    ['pterodactyl', [], 202],
    ['pelican', [], 400],
    ['pelican', ['127.0.0.1'], 202],
  ])('on %s from a private address, with %j allowed, is %i', async (flavour, restoreHosts, status) => {
    await using panel = await startPanel()
    panel.servers.set(SERVER, plainServer(SERVER))
    await using wings = await startFast({ flavour, panelUrl: panel.url, restoreHosts })
    await write(wings, '/a.log', 'log')
    await order(wings)
    await until(() => panel.asked(REPORT).length === 1)
    const archive = readFileSync(archiveOf(wings))
    const store = createServer((_, response) =>
      response.writeHead(200, { 'content-type': 'application/x-gzip' }).end(archive),
    )
    await new Promise<void>((done) => store.listen(0, '127.0.0.1', done))
    const url = `http://127.0.0.1:${(store.address() as AddressInfo).port}/a`

    expect((await restore(wings, { adapter: 's3', download_url: url })).status).toBe(status)
    store.closeAllConnections()
    store.close()
  })
})
