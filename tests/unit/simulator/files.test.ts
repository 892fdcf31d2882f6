import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { gitignore } from '../../../simulator/denylist.ts'
import { plainServer, type Flavour, type Wings } from '../../../simulator/wings.ts'
import { ask, SERVER, startWithServer } from './stage'

const FILES = '/api/servers/:server/files'
const FLAVOURS: Flavour[] = ['pterodactyl', 'pelican']
const denying = (...patterns: string[]) =>
  plainServer(SERVER, { settings: { egg: { id: '', file_denylist: patterns, features: {} } } })

async function withTree(flavour: Flavour, description = plainServer(SERVER)): Promise<Wings> {
  const wings = await startWithServer({ flavour }, description)
  const root = join(wings.dataDir, 'volumes', SERVER)
  await mkdir(join(root, 'world'), { recursive: true })
  await writeFile(join(root, 'a.txt'), 'a')
  await writeFile(join(root, 'world', 'level.dat'), 'level')
  await symlink('/etc/hostname', join(root, 'link'))
  return wings
}

const names = (wings: Wings, directory = '/') =>
  ask(wings, `GET ${FILES}/list-directory?directory=${directory}`).then(({ body }) =>
    body.map(({ name }: { name: string }) => name).toSorted(),
  )

describe('listing and reading', () => {
  it.each(FLAVOURS)('shows what stands there, with the offset of the node: %s', async (flavour) => {
    await using wings = await withTree(flavour)
    const { body } = await ask(wings, `GET ${FILES}/list-directory?directory=`)
    const of = (wanted: string) => body.find(({ name }: { name: string }) => name === wanted)

    expect(of('a.txt')).toMatchObject({
      mode: '-rw-r--r--',
      mode_bits: '644',
      size: 1,
      directory: false,
      file: true,
      symlink: false,
      mime: 'text/plain; charset=utf-8',
    })
    expect(of('a.txt').created).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+02:00$/)
    expect(of('world')).toMatchObject({ mode: 'drwxr-xr-x', directory: true, file: false })
    expect(of('link')).toMatchObject({ file: true, symlink: flavour === 'pelican' })
    expect(of('link').mode[0]).toBe('L')
  })

  it.each<[string, string, number, number]>([
    ['a missing file', 'contents?file=/nothing', 500, 404],
    ['a missing folder', 'list-directory?directory=/nothing', 500, 404],
    ['a file that is listed', 'list-directory?directory=/a.txt', 500, 500],
    ['a link', 'contents?file=/link', 500, 500],
    ['a path that leads out', 'contents?file=/../../etc/passwd', 500, 500],
    ['a list that leads out', 'list-directory?directory=../..', 500, 500],
  ])('%s', async (_, path, onPterodactyl, onPelican) => {
    for (const [flavour, status] of [
      ['pterodactyl', onPterodactyl],
      ['pelican', onPelican],
    ] as const) {
      await using wings = await withTree(flavour)
      expect((await ask(wings, `GET ${FILES}/${path}`)).status, flavour).toBe(status)
    }
  })

  it('a folder is no file: Pelican says so, Pterodactyl tears the answer', async () => {
    await using pelican = await withTree('pelican')
    expect((await ask(pelican, `GET ${FILES}/contents?file=/world`)).status).toBe(400)
    await using pterodactyl = await withTree('pterodactyl')
    await expect(ask(pterodactyl, `GET ${FILES}/contents?file=/world`)).rejects.toThrow('terminated')
  })

  it('reads bytes with their kind, and as an attachment on demand', async () => {
    await using wings = await withTree('pterodactyl')
    const reply = await ask(wings, `GET ${FILES}/contents?file=world/level.dat&download=1`)
    expect(reply.text).toBe('level')
    expect(reply.headers.get('content-disposition')).toBe('attachment; filename="level.dat"')
    expect(reply.headers.get('x-mime-type')).toBe('text/plain; charset=utf-8')
  })
})

describe('writing', () => {
  it('makes the folders on the way, and wants to know the length', async () => {
    await using wings = await withTree('pelican')
    expect((await ask(wings, `POST ${FILES}/write?file=/deep/er/b.txt`, 'b')).status).toBe(204)
    expect(await names(wings, '/deep/er')).toEqual(['b.txt'])

    const stream = new Blob(['b']).stream()
    const headers = { authorization: `Bearer ${wings.token}` }
    const chunked = await fetch(`${wings.url}${FILES.replace(':server', SERVER)}/write?file=/b`, {
      method: 'POST',
      headers,
      body: stream,
      duplex: 'half',
    } as RequestInit)
    expect(chunked.status).toBe(400)
  })

  it.each<[string, string, number]>([
    ['a folder of that name', '/world', 400],
    ['a denied name', '/server.key', 403],
    ['more than the disk holds', '/huge', 400],
    ['a path outside', '/../x', 500],
    ['a name that is too long', `/${'x'.repeat(300)}`, 400],
  ])('refuses %s', async (_, path, status) => {
    const description = denying('*.key')
    description.settings.build.disk_space = 1
    await using wings = await withTree('pterodactyl', description)
    const content = path === '/huge' ? 'x'.repeat(1_048_577) : 'x'
    expect((await ask(wings, `POST ${FILES}/write?file=${path}`, content)).status).toBe(status)
  })

  it.each(FLAVOURS)('renames, passing over what is missing and refusing what is taken: %s', async (flavour) => {
    await using wings = await withTree(flavour)
    const rename = (files: object[]) =>
      ask(wings, `PUT ${FILES}/rename`, { root: '/', files }).then(({ status }) => status)
    expect(await rename([])).toBe(422)
    expect(await rename([{ from: 'nothing', to: 'x' }])).toBe(204)
    expect(await rename([{ from: 'a.txt', to: 'world/level.dat' }])).toBe(400)
    expect(await rename([{ from: 'a.txt', to: 'moved/b.txt' }])).toBe(204)
    expect(await names(wings, '/moved')).toEqual(['b.txt'])
  })

  it('copies beside the original', async () => {
    await using wings = await withTree('pelican')
    const copy = () => ask(wings, `POST ${FILES}/copy`, { location: '/a.txt' })
    await copy()
    await copy()
    expect(await names(wings)).toEqual(['a copy 1.txt', 'a copy.txt', 'a.txt', 'link', 'world'])
    expect((await ask(wings, `POST ${FILES}/copy`, { location: '/world' })).status).toBe(404)
  })

  it('makes folders, also where one is', async () => {
    await using wings = await withTree('pterodactyl')
    const make = (name: string) =>
      ask(wings, `POST ${FILES}/create-directory`, { name, path: '/' }).then(({ status }) => status)
    expect([await make('plugins'), await make('plugins'), await make('a.txt')]).toEqual([204, 204, 500])
  })

  it('sets modes, all of them on the last file on Pterodactyl', async () => {
    for (const [flavour, expected] of [
      ['pterodactyl', ['644', '755']],
      ['pelican', ['600', '755']],
    ] as const) {
      await using wings = await withTree(flavour)
      await ask(wings, `POST ${FILES}/write?file=/run.sh`, 'x')
      const files = [
        { file: 'a.txt', mode: '600' },
        { file: 'run.sh', mode: '755' },
      ]
      expect((await ask(wings, `POST ${FILES}/chmod`, { root: '/', files })).status).toBe(204)
      const { body } = await ask(wings, `GET ${FILES}/list-directory?directory=/`)
      const bits = ['a.txt', 'run.sh'].map(
        (wanted) => body.find(({ name }: { name: string }) => name === wanted).mode_bits,
      )
      expect(bits).toEqual(expected)
    }
    await using wings = await withTree('pelican')
    expect(
      (await ask(wings, `POST ${FILES}/chmod`, { root: '/', files: [{ file: 'a.txt', mode: '789' }] })).status,
    ).toBe(400)
    expect((await ask(wings, `POST ${FILES}/chmod`, { root: '/', files: [{ file: 'a.txt', mode: 755 }] })).status).toBe(
      400,
    )
  })
})

describe('deleting', () => {
  it.each<[string, string, number, number]>([
    ['a folder', 'world', 204, 204],
    ['what is missing', 'nothing', 204, 404],
    ['the root', '/', 500, 204],
    ['the root in disguise', 'x/../..', 500, 204],
  ])('%s', async (_, file, onPterodactyl, onPelican) => {
    for (const [flavour, status] of [
      ['pterodactyl', onPterodactyl],
      ['pelican', onPelican],
    ] as const) {
      await using wings = await withTree(flavour)
      expect((await ask(wings, `POST ${FILES}/delete`, { root: '/', files: [file] })).status, flavour).toBe(status)
    }
  })

  it('spares on Pelican what the egg denies, also when all is emptied', async () => {
    await using wings = await withTree('pelican', denying('level.dat'))
    await ask(wings, `POST ${FILES}/delete`, { root: '/', files: ['.'] })
    expect(await names(wings)).toEqual(['world'])
    expect(await names(wings, '/world')).toEqual(['level.dat'])
  })
})

describe('patterns of a denylist', () => {
  it.each<[string, string, boolean]>([
    ['*.key', 'deep/a.key', true],
    ['*.key', 'a.keys', false],
    ['/a.txt', 'b/a.txt', false],
    ['world/', 'world/level.dat', true],
    ['world/', 'world', false],
    ['logs/*.log', 'logs/a.log', true],
    ['logs/*.log', 'logs/old/a.log', false],
    ['**/secret', 'a/b/secret', true],
    ['conf/**', 'conf/a/b', true],
  ])('%s for %s: %s', (pattern, path, expected) => {
    expect(gitignore([pattern])(path)).toBe(expected)
  })

  it('takes back what a later line excepts', () => {
    const ignores = gitignore(['*.log', '!keep.log'])
    expect([ignores('a.log'), ignores('keep.log')]).toEqual([true, false])
  })
})
