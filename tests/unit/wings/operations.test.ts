import { describe, expect, it } from 'vitest'
import { backup, here, server, stubNode, type Door } from './stub-node'

const { answers, node, seen } = stubNode()

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

describe('a transfer', () => {
  it.each([404, 409])('is cancelled where nothing is being sent: %s', async (status) => {
    answers(status, { error: 'no' })
    await expect(node().transfers.cancel(server)).resolves.toBeUndefined()
  })

  it('is not known to be cancelled where the node fails', async () => {
    answers(500, { error: 'boom' })
    await expect(node().transfers.cancel(server)).rejects.toMatchObject({ code: 'node.failed' })
  })

  it('asks a node whether it holds a server', async () => {
    answers(200, {})
    expect(await node().transfers.isHeld(server)).toBe(true)
    answers(404, { error: 'unknown' })
    expect(await node().transfers.isHeld(server)).toBe(false)
    answers(403, { error: 'no' })
    await expect(node().transfers.isHeld(server)).rejects.toMatchObject({ status: 403 })
  })
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

    const used = {
      memory_total: 4,
      memory_used: 1,
      load_average1: 0.5,
      cpu_percent: 12.5,
      disk_used: 2,
      disk_details: null,
    }
    answers(200, used)
    expect(await node().system.utilization()).toMatchObject({
      memoryBytes: 1,
      memoryTotalBytes: 4,
      load: [0.5, 0, 0],
      cpuPercent: 12.5,
    })
    // No nought where nothing was measured.
    answers(200, { ...used, cpu_percent: null })
    await expect(node().system.utilization()).rejects.toMatchObject({ code: 'node.failed' })
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
