import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { packTar, unpackTar } from '../../../simulator/tar.ts'
import { plainServer, type Wings } from '../../../simulator/wings.ts'
import { packZip, unpackZip } from '../../../simulator/zip.ts'
import { ask, SERVER, startWithServer } from './stage'

const FILES = '/api/servers/:server/files'
const write = (wings: Wings, path: string, content: string) => ask(wings, `POST ${FILES}/write?file=${path}`, content)
const read = (wings: Wings, path: string) => ask(wings, `GET ${FILES}/contents?file=${path}`).then(({ text }) => text)

describe('archives', () => {
  const entries = [
    { path: 'a.txt', bytes: Buffer.from('a'), mode: 0o644 },
    { path: `${'long/'.repeat(40)}b.bin`, bytes: randomBytes(5_000), mode: 0o755 },
    { path: 'ümläut/ü.txt', bytes: Buffer.alloc(0), mode: 0o600 },
  ]

  it('come back as they went', () => {
    expect(unpackTar(packTar(entries))).toEqual(entries)
    expect(unpackZip(packZip(entries))).toEqual(entries)
  })

  it.each<[string, string, string, string]>([
    ['pterodactyl', 'zip', 'archive-', 'application/tar+gzip'],
    ['pelican', 'zip', 'mine.zip', 'application/zip'],
    ['pelican', 'tgz', 'mine.tar.gz', 'application/tar+gzip'],
  ])('are made and unpacked on %s as %s', async (flavour, extension, name, mime) => {
    await using wings = await startWithServer({ flavour: flavour as 'pelican' })
    await write(wings, '/world/level.dat', 'level')
    const made = await ask(wings, `POST ${FILES}/compress`, { root: '/', files: ['world'], name: 'mine', extension })
    expect(made).toMatchObject({ status: 200, body: { mime, directory: false, file: true } })
    expect(made.body.name).toContain(name)

    await write(wings, '/world/level.dat', 'changed')
    expect((await ask(wings, `POST ${FILES}/decompress`, { root: '/', file: made.body.name })).status).toBe(204)
    expect(await read(wings, '/world/level.dat')).toBe('level')
  })

  it.each<[string, object, number, number]>([
    ['nothing named', { root: '/', files: [] }, 422, 422],
    ['something missing', { root: '/', files: ['nothing'] }, 200, 500],
  ])('with %s', async (_, order, onPterodactyl, onPelican) => {
    for (const [flavour, status] of [
      ['pterodactyl', onPterodactyl],
      ['pelican', onPelican],
    ] as const) {
      await using wings = await startWithServer({ flavour })
      expect((await ask(wings, `POST ${FILES}/compress`, order)).status, flavour).toBe(status)
    }
  })

  it.each<[string, number]>([
    ['broken.zip', 500],
    ['broken.tar.gz', 500],
    ['a.rar', 400],
    ['missing.zip', 404],
  ])('%s cannot be unpacked: %i', async (file, status) => {
    await using wings = await startWithServer({ flavour: 'pelican' })
    if (!file.startsWith('missing')) await write(wings, `/${file}`, 'this is none')
    expect((await ask(wings, `POST ${FILES}/decompress`, { root: '/', file })).status).toBe(status)
  })

  it('an unknown format is only recognized where there is a limit', async () => {
    const description = plainServer(SERVER)
    description.settings.build.disk_space = 0
    await using wings = await startWithServer({}, description)
    await write(wings, '/a.rar', 'x')
    expect((await ask(wings, `POST ${FILES}/decompress`, { root: '/', file: 'a.rar' })).status).toBe(500)
  })
})

describe('search and pull', () => {
  it('finds by name below a folder on Pelican, and is unknown to Pterodactyl', async () => {
    await using wings = await startWithServer({ flavour: 'pelican' })
    await write(wings, '/conf/server.CONF', 'x')
    await write(wings, '/node_modules/a.conf', 'x')
    const found = await ask(wings, `GET ${FILES}/search?directory=/&pattern=*.conf`)
    expect(found.body.map(({ name }: { name: string }) => name)).toEqual(['conf/server.CONF'])
    expect((await ask(wings, `GET ${FILES}/search?directory=/&pattern=ab`)).status).toBe(400)

    await using pterodactyl = await startWithServer()
    expect(await ask(pterodactyl, `GET ${FILES}/search?directory=/&pattern=conf`)).toMatchObject({
      status: 404,
      text: '404 page not found',
    })
  })

  it('fetches what it is told there is; a refused address is only logged', async () => {
    await using wings = await startWithServer({ remoteFiles: { 'https://files.test/mod.jar': 'jar' } })
    const pull = (order: object) => ask(wings, `POST ${FILES}/pull`, { root: '/mods', ...order })
    expect(await pull({ url: 'https://files.test/mod.jar', foreground: true })).toMatchObject({
      status: 200,
      body: { name: 'mod.jar', size: 3 },
    })
    expect(await read(wings, '/mods/mod.jar')).toBe('jar')

    const background = await pull({ url: 'http://127.0.0.1/x' })
    expect(background).toMatchObject({ status: 202, body: { identifier: expect.stringMatching(/^[0-9a-f-]{36}$/) } })
    expect((await pull({ url: 'http://127.0.0.1/x', foreground: true })).status).toBe(500)
    expect((await pull({ url: 'nonsense' })).status).toBe(400)
    expect((await pull({ url: 'https://files.test/mod.jar', foreground: 'yes' })).status).toBe(400)
    expect((await ask(wings, `GET ${FILES}/pull`)).body).toEqual({ downloads: null })
  })
})
