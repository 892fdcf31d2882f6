import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { wings } from '#server/wings/client'

const server = '8f0f7e5c-0000-4000-8000-000000000001'
const backup = '8f0f7e5c-0000-4000-8000-000000000002'
const here = `/api/servers/${server}`

let http: Server
let seen: { method?: string; url?: string; length?: string; body: string }[] = []
let reply: { status: number; body: string; headers?: Record<string, string> }

beforeAll(async () => {
  process.env.DATABASE_URL ||= 'postgres://nobody@127.0.0.1:1/none'
  process.env.APP_SECRET ||= 'only for tests, only for tests, only for tests'
  http = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    seen.push({
      method: request.method,
      url: request.url,
      length: request.headers['content-length'],
      body: Buffer.concat(chunks).toString(),
    })
    response.writeHead(reply.status, reply.headers).end(reply.body)
  })
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done))
})

afterAll(() => {
  http.close()
  http.closeAllConnections()
})

beforeEach(() => {
  seen = []
  answers(204)
})

function answers(status: number, body: unknown = '', headers?: Record<string, string>) {
  reply = { status, body: typeof body === 'string' ? body : JSON.stringify(body), headers }
}

const node = () =>
  wings({
    id: 'one',
    baseUrl: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    apiToken: 'secret',
    allowInsecure: false,
  })

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

type Door = ReturnType<typeof wings>

it.each<[string, (door: Door) => Promise<unknown>, string, string, unknown]>([
  [
    'create',
    (door) => door.servers.create(server, { startOnCompletion: true }),
    'POST',
    '/api/servers',
    { uuid: server, start_on_completion: true },
  ],
  ['remove', (door) => door.servers.remove(server), 'DELETE', here, undefined],
  ['power', (door) => door.servers.power(server, 'kill'), 'POST', `${here}/power`, { action: 'kill' }],
  ['command', (door) => door.servers.command(server, ['say hi']), 'POST', `${here}/commands`, { commands: ['say hi'] }],
  ['install', (door) => door.servers.install(server), 'POST', `${here}/install`, undefined],
  ['reinstall', (door) => door.servers.reinstall(server), 'POST', `${here}/reinstall`, undefined],
  ['sync', (door) => door.servers.sync(server), 'POST', `${here}/sync`, undefined],
  ['deny tokens', (door) => door.servers.denyTokens(server, ['a']), 'POST', `${here}/ws/deny`, { jtis: ['a'] }],
  [
    'deauthorize',
    (door) => door.servers.deauthorize('u', [server]),
    'POST',
    '/api/deauthorize-user',
    { user: 'u', servers: [server] },
  ],
  [
    'rename',
    (door) => door.files.rename(server, 'a/', [{ from: '/b', to: './c/d' }]),
    'PUT',
    `${here}/files/rename`,
    { root: '/a', files: [{ from: 'b', to: 'c/d' }] },
  ],
  ['copy', (door) => door.files.copy(server, 'a.txt'), 'POST', `${here}/files/copy`, { location: '/a.txt' }],
  [
    'create folder',
    (door) => door.files.createDirectory(server, '', 'plugins'),
    'POST',
    `${here}/files/create-directory`,
    { name: 'plugins', path: '/' },
  ],
  [
    'delete files',
    (door) => door.files.remove(server, '/', ['a.txt', 'dir/']),
    'POST',
    `${here}/files/delete`,
    { root: '/', files: ['a.txt', 'dir'] },
  ],
  [
    'decompress',
    (door) => door.files.decompress(server, '/', 'a.zip'),
    'POST',
    `${here}/files/decompress`,
    { root: '/', file: 'a.zip' },
  ],
  [
    'cancel a pull',
    (door) => door.files.cancelPull(server, backup),
    'DELETE',
    `${here}/files/pull/${backup}`,
    undefined,
  ],
  [
    'back up to s3',
    (door) => door.backups.create(server, { uuid: backup, ignore: '', adapter: 's3' }),
    'POST',
    `${here}/backup`,
    { adapter: 's3', uuid: backup, ignore: '' },
  ],
  ['remove a backup', (door) => door.backups.remove(server, backup), 'DELETE', `${here}/backup/${backup}`, undefined],
  [
    'restore',
    (door) => door.backups.restore(server, backup, { adapter: 'wings', truncateDirectory: true }),
    'POST',
    `${here}/backup/${backup}/restore`,
    { adapter: 'wings', truncate_directory: true, download_url: '' },
  ],
  [
    'transfer',
    (door) => door.transfers.start(server, { url: 'https://b/api/transfers', token: 'jwt', startOnCompletion: false }),
    'POST',
    `${here}/transfer`,
    {
      url: 'https://b/api/transfers',
      token: 'Bearer jwt',
      server: { uuid: server, start_on_completion: false },
      backups: [],
    },
  ],
  ['cancel a transfer', (door) => door.transfers.cancel(server), 'DELETE', `${here}/transfer`, undefined],
])('%s', async (_, act, method, url, body) => {
  await act(node())
  expect(seen.map((one) => ({ ...one, body: one.body ? JSON.parse(one.body) : undefined }))).toMatchObject([
    { method, url, body },
  ])
})

describe('the system', () => {
  it('is described as current daemons and as older ones do', async () => {
    answers(200, {
      version: '1.11.11',
      docker: { version: '27.0.1', runc: {} },
      system: {
        architecture: 'amd64',
        cpu_threads: 8,
        memory_bytes: 16,
        kernel_version: '6.1',
        os: 'Debian',
        os_type: 'linux',
      },
    })
    expect(await node().system.describe()).toEqual({
      version: '1.11.11',
      architecture: 'amd64',
      cpuThreads: 8,
      memoryBytes: 16,
      kernelVersion: '6.1',
      os: 'Debian',
      osType: 'linux',
      dockerVersion: '27.0.1',
    })
    expect(seen[0]!.url).toBe('/api/system?v=2')

    answers(200, { architecture: 'amd64', cpu_count: 4, kernel_version: '6.1.0', os: 'linux', version: 'develop' })
    expect(await node().system.describe()).toMatchObject({ version: 'develop', cpuThreads: 4, memoryBytes: null })
  })

  it('says whether a configuration was taken', async () => {
    answers(200, { applied: false })
    expect(await node().system.update({ debug: false })).toBe(false)
  })

  it('has on one flavour what the other does not know', async () => {
    answers(404, '404 page not found')
    expect(await node().system.utilization()).toBeNull()
    expect(await node().system.addresses()).toBeNull()
    expect(await node().servers.deauthorize('u', [])).toBe(false)
    expect(await node().servers.installLog(server)).toBeNull()

    answers(200, { memory_total: 4, memory_used: 1, load_average1: 0.5, cpu_percent: 12.5, disk_details: null })
    expect(await node().system.utilization()).toMatchObject({
      memoryBytes: 1,
      memoryTotalBytes: 4,
      load: [0.5, 0, 0],
      cpuPercent: 12.5,
    })
    answers(200, { ip_addresses: null })
    expect(await node().system.addresses()).toEqual([])
  })
})

describe('servers', () => {
  it('are read with what both flavours say, and without what either leaves out', async () => {
    const configuration = { uuid: server, settings: {} }
    const utilization = {
      memory_bytes: 1,
      memory_limit_bytes: 2,
      cpu_absolute: 12.345,
      network: { rx_bytes: 3, tx_bytes: 4 },
      uptime: 5000,
      state: 'running',
      disk_bytes: 6,
    }
    answers(200, [
      {
        state: 'running',
        is_suspended: false,
        utilization: { ...utilization, disk_io: { read_bytes: 0, write_bytes: 0 } },
        configuration,
      },
      { state: 'something new', utilization: {}, configuration },
    ])
    expect(await node().servers.list()).toEqual([
      {
        uuid: server,
        state: 'running',
        isSuspended: false,
        memoryBytes: 1,
        memoryLimitBytes: 2,
        cpuPercent: 12.345,
        diskBytes: 6,
        receivedBytes: 3,
        sentBytes: 4,
        uptimeMs: 5000,
      },
      {
        uuid: server,
        state: 'offline',
        isSuspended: false,
        memoryBytes: 0,
        memoryLimitBytes: 0,
        cpuPercent: 0,
        diskBytes: 0,
        receivedBytes: 0,
        sentBytes: 0,
        uptimeMs: 0,
      },
    ])
    answers(200, 'null')
    expect(await node().servers.list()).toEqual([])
  })

  it('that a node does not have are removed; others are not', async () => {
    answers(404, { error: 'The requested resource does not exist on this instance.' })
    await node().servers.remove(server)
    await node().backups.remove(server, backup)
    answers(500, { error: 'no' })
    await expect(node().servers.remove(server)).rejects.toMatchObject({ code: 'node.failed', status: 500 })
    answers(403, { error: 'no' })
    await expect(node().backups.remove(server, backup)).rejects.toMatchObject({ code: 'node.refused', status: 403 })
  })

  it('print lines, or none', async () => {
    answers(200, { data: ['one', 'two\r'] })
    expect(await node().servers.logs(server, 50)).toEqual(['one', 'two\r'])
    expect(seen[0]!.url).toBe(`${here}/logs?size=50`)
    answers(200, { data: null })
    expect(await node().servers.logs(server)).toEqual([])
  })
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
