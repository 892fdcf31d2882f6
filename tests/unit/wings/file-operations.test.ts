import { describe, expect, it } from 'vitest'
import { backup, here, server, stubNode } from './stub-node'

const { answers, node, seen } = stubNode()

const stat = (values: object = {}) => ({
  name: 'a.txt',
  created: '2026-08-16T10:00:00.5+02:00',
  modified: '2026-08-16T10:00:00+02:00',
  mode: '-rw-r--r--',
  mode_bits: '644',
  size: 12,
  directory: false,
  file: true,
  symlink: false,
  mime: 'text/plain',
  ...values,
})

describe('files', () => {
  it('are listed folders first, with links known as such on both flavours', async () => {
    answers(200, [
      stat({ name: 'z.txt' }),
      stat({ name: 'link', mode: 'Lrwxrwxrwx' }),
      stat({ name: 'world', directory: true, file: false, mode: 'drwxr-xr-x', mime: 'whatever' }),
    ])
    const files = await node().files.list(server, '/my plugins/ü&b')

    expect(seen[0]!.url).toBe(`${here}/files/list-directory?directory=%2Fmy%20plugins%2F%C3%BC%26b`)
    expect(files.map(({ name, isSymlink }) => [name, isSymlink])).toEqual([
      ['world', false],
      ['link', true],
      ['z.txt', false],
    ])
    expect(files[0]).toMatchObject({
      isFile: false,
      isDirectory: true,
      mime: 'inode/directory',
      createdAt: '2026-08-16T08:00:00.500Z',
    })
    answers(200, 'null')
    expect(await node().files.list(server, '/')).toEqual([])
  })

  it('are read whole, or not at all when they are too long', async () => {
    answers(200, 'hello', { 'x-mime-type': 'text/plain; charset=utf-8' })
    expect(await node().files.contents(server, 'a.txt', { maxBytes: 5 })).toEqual({
      bytes: Buffer.from('hello'),
      mime: 'text/plain; charset=utf-8',
    })
    await expect(node().files.contents(server, 'a.txt', { maxBytes: 4 })).rejects.toMatchObject({
      code: 'file.too_large',
      status: 400,
    })
  })

  it('are written with their length, empty ones too', async () => {
    await node().files.write(server, 'dir/ü.txt', Buffer.from('grüße'))
    await node().files.write(server, 'empty', Buffer.alloc(0))
    expect(seen).toMatchObject([
      {
        method: 'POST',
        url: `${here}/files/write?file=${encodeURIComponent('/dir/ü.txt')}`,
        length: '7',
        body: 'grüße',
      },
      { length: '0', body: '' },
    ])
  })

  it('change their mode one by one', async () => {
    await node().files.chmod(server, '/', [
      { file: 'a', mode: '755' },
      { file: 'b', mode: '644' },
    ])
    expect(seen.map(({ body }) => JSON.parse(body))).toEqual([
      { root: '/', files: [{ file: 'a', mode: '755' }] },
      { root: '/', files: [{ file: 'b', mode: '644' }] },
    ])
  })

  it('are packed into an archive, fetched from elsewhere and watched on their way', async () => {
    answers(200, stat({ name: 'archive.tar.gz' }))
    expect(await node().files.compress(server, '/', ['world'], { name: 'mine', extension: 'zip' })).toMatchObject({
      name: 'archive.tar.gz',
    })
    expect(await node().files.pullAndWait(server, { folder: '/', url: 'https://example.com/a.zip' })).toMatchObject({
      name: 'archive.tar.gz',
    })
    expect(
      await node()
        .files.search(server, '/', 'arch')
        .catch(() => 'one is no list'),
    ).toBe('one is no list')

    answers(202, { identifier: backup })
    expect(
      await node().files.pull(server, {
        folder: 'a',
        url: 'https://example.com/a.zip',
        fileName: 'b.zip',
        useHeader: true,
      }),
    ).toEqual({ identifier: backup })
    answers(200, { downloads: [{ Identifier: backup, Progress: 0.42 }] })
    expect(await node().files.pulls(server)).toEqual([{ identifier: backup, progress: 0.42 }])
    answers(200, { downloads: null })
    expect(await node().files.pulls(server)).toEqual([])

    expect(seen.slice(0, 4).map(({ body }) => body && JSON.parse(body))).toEqual([
      { root: '/', files: ['world'], name: 'mine', extension: 'zip' },
      { root: '/', url: 'https://example.com/a.zip', use_header: false, foreground: true },
      '',
      { root: '/a', url: 'https://example.com/a.zip', file_name: 'b.zip', use_header: true, foreground: false },
    ])
  })

  const everywhere: [string, (path: string) => Promise<unknown>][] = [
    ['list', (path) => node().files.list(server, path)],
    ['contents', (path) => node().files.contents(server, path, { maxBytes: 1 })],
    ['write', (path) => node().files.write(server, path, Buffer.alloc(1))],
    ['rename: folder', (path) => node().files.rename(server, path, [{ from: 'a', to: 'b' }])],
    ['rename: from', (path) => node().files.rename(server, '/', [{ from: path, to: 'b' }])],
    ['rename: to', (path) => node().files.rename(server, '/', [{ from: 'a', to: path }])],
    ['copy', (path) => node().files.copy(server, path)],
    ['createDirectory: folder', (path) => node().files.createDirectory(server, path, 'a')],
    ['createDirectory: name', (path) => node().files.createDirectory(server, '/', path)],
    ['remove: folder', (path) => node().files.remove(server, path, ['a'])],
    ['remove', (path) => node().files.remove(server, '/', ['a', path])],
    [
      'chmod',
      (path) =>
        node().files.chmod(server, '/', [
          { file: 'a', mode: '1' },
          { file: path, mode: '1' },
        ]),
    ],
    ['compress', (path) => node().files.compress(server, '/', [path])],
    ['decompress', (path) => node().files.decompress(server, '/', path)],
    ['search', (path) => node().files.search(server, path, 'abc')],
    ['pull: folder', (path) => node().files.pull(server, { folder: path, url: 'https://example.com' })],
    ['pull: name', (path) => node().files.pull(server, { folder: '/', url: 'https://example.com', fileName: path })],
  ]

  it.each(everywhere)('sec-35: %s sends no path that leads out', async (_, act) => {
    for (const path of ['..', '/a/../..', '%2e%2e/a', '..\\a', 'a\0b', 'a\ud800']) {
      await expect(act(path), JSON.stringify(path)).rejects.toMatchObject({ code: 'file.path_refused', status: 400 })
    }
    expect(seen).toEqual([])
  })

  it.each(['', '.', '/', './/'])('sec-35: the root is not deleted as %j', async (path) => {
    await expect(node().files.remove(server, '/', ['a', path])).rejects.toMatchObject({
      code: 'file.root_refused',
      status: 400,
    })
    expect(seen).toEqual([])
  })
})
