import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { readFileSync } from 'node:fs'
import { createServer as createSecureServer } from 'node:https'
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { wingsCall } from '#server/wings/call'
import { wings } from '#server/wings/client'

const server = '8f0f7e5c-0000-4000-8000-000000000001'
const backup = '8f0f7e5c-0000-4000-8000-000000000002'

const ends: (() => Promise<void>)[] = []
let nodes = 0

beforeEach(() => {
  process.env.DATABASE_URL ||= 'postgres://nobody@127.0.0.1:1/none'
  process.env.APP_SECRET ||= 'only for tests, only for tests, only for tests'
})

afterEach(async () => {
  await Promise.all(ends.splice(0).map((end) => end()))
})

const address = (port: number, more: object = {}) => ({
  id: `node-${++nodes}`,
  baseUrl: `http://127.0.0.1:${port}`,
  apiToken: 'the-secret',
  allowInsecure: false,
  ...more,
})

interface Seen {
  method: string
  url: string
  headers: IncomingMessage['headers']
  body: string
}

/** A node that answers as it is told, and remembers what it was asked. */
async function startNode(answer: (seen: Seen, response: ServerResponse) => void) {
  const seen: Seen[] = []
  const listener: RequestListener = async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const one = {
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
    }
    seen.push(one)
    answer(one, response)
  }
  const http = createServer(listener)
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done))
  ends.push(
    () =>
      new Promise((done) => {
        http.close(() => done())
        http.closeAllConnections()
      }),
  )
  return { seen, node: address((http.address() as AddressInfo).port) }
}

/** A node that takes connections, and then does what it is told with them. */
async function startSocketNode(onConnection: (socket: Socket) => void) {
  const sockets = new Set<Socket>()
  const tcp = createTcpServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => {})
    onConnection(socket)
    // Unread, a socket does not notice that the other side left.
    socket.resume()
  })
  await new Promise<void>((done) => tcp.listen(0, '127.0.0.1', done))
  ends.push(
    () =>
      new Promise((done) => {
        tcp.close(() => done())
        for (const socket of sockets) socket.destroy()
      }),
  )
  return { sockets, node: address((tcp.address() as AddressInfo).port) }
}

const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) =>
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))

async function freePort(): Promise<number> {
  const tcp = createTcpServer()
  await new Promise<void>((done) => tcp.listen(0, '127.0.0.1', done))
  const { port } = tcp.address() as AddressInfo
  await new Promise((done) => tcp.close(done))
  return port
}

const codeOf = (error: unknown) => (error as { code?: string }).code

describe('a call to a node', () => {
  it('carries the bare secret and what Wings wants to see', async () => {
    const { node, seen } = await startNode((_, response) => response.writeHead(202).end())
    await wings(node).backups.create(server, { uuid: backup, ignore: '*.log' })

    expect(seen).toHaveLength(1)
    expect(seen[0]).toMatchObject({
      method: 'POST',
      url: `/api/servers/${server}/backup`,
      headers: { authorization: 'Bearer the-secret', accept: 'application/json', 'content-type': 'application/json' },
    })
    expect(JSON.parse(seen[0]!.body)).toEqual({ adapter: 'wings', uuid: backup, ignore: '*.log' })
  })

  it('keeps the path that a node has in front', async () => {
    const { node, seen } = await startNode((_, response) => json(response, 200, []))
    await wings({ ...node, baseUrl: `${node.baseUrl}/wings/` }).servers.list()
    expect(seen[0]!.url).toBe('/wings/api/servers')
  })

  it('lets a refusal travel with status, sentence and request id, whatever it calls its content', async () => {
    const { node } = await startNode((_, response) =>
      response
        .writeHead(409, { 'content-type': 'text/plain', 'x-request-id': 'r-1' })
        .end('{"error":"Cannot reinstall now."}'),
    )
    await expect(wings(node).servers.reinstall(server)).rejects.toMatchObject({
      code: 'node.refused',
      status: 409,
      wire: 'DaemonConnectionException',
      message: 'An error occurred on the remote host: Cannot reinstall now.. (request id: r-1)',
    })
  })

  it('says so when a refusal has no sentence', async () => {
    const { node } = await startNode((_, response) => response.writeHead(404).end('page not found'))
    await expect(wings(node).servers.get(server)).rejects.toMatchObject({
      code: 'node.refused',
      status: 404,
      values: { error: 'HTTP 404', requestId: '<nil>' },
    })
  })

  it('keeps to itself what is wrong inside a node', async () => {
    const { node } = await startNode((_, response) =>
      json(response, 503, { error: 'secret reason' }, { 'x-request-id': 'r-2' }),
    )
    await expect(wings(node).servers.list()).rejects.toMatchObject({
      code: 'node.failed',
      status: 503,
      values: { status: 503, requestId: 'r-2' },
      message: expect.not.stringContaining('secret'),
    })
  })

  it.each([
    ['HTML', '<html>'],
    ['the wrong JSON', '{"servers":[]}'],
    ['nothing', ''],
  ])('takes no success that holds %s', async (_, body) => {
    const { node } = await startNode((_seen, response) => response.writeHead(200).end(body))
    await expect(wings(node).servers.list()).rejects.toMatchObject({ code: 'node.failed', status: 502 })
  })

  it('follows no redirect', async () => {
    const { node, seen } = await startNode((_, response) => response.writeHead(301, { location: '/elsewhere' }).end())
    await expect(wings(node).servers.list()).rejects.toMatchObject({ code: 'node.failed', status: 502 })
    expect(seen).toHaveLength(1)
  })

  it('calls a success that breaks off 502, and reads it once more', async () => {
    let connections = 0
    const { node } = await startSocketNode((socket) => {
      connections++
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[{"state":'))
    })
    await expect(wings(node).servers.list()).rejects.toMatchObject({ code: 'node.failed', status: 502 })
    expect(connections).toBe(2)
  })

  it('knows a failure by its status alone when its body breaks off', async () => {
    const { node } = await startSocketNode((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 500 Oops\r\nX-Request-Id: r-3\r\nContent-Length: 100\r\n\r\n{'))
    })
    await expect(wings(node).files.list(server, '/')).rejects.toMatchObject({
      code: 'node.failed',
      status: 500,
      values: { requestId: 'r-3' },
    })
  })

  it.each([404, 500])('finds nothing in a folder that is not there, which is answered with %s', async (status) => {
    const folders: Record<string, unknown> = { '/': [], '/a': undefined }
    const { node, seen } = await startNode(({ url }, response) => {
      const listed = folders[new URL(url, 'http://node').searchParams.get('directory') ?? '']
      json(response, listed ? 200 : status, listed ?? { error: 'no' })
    })
    expect(await wings(node).files.listIfThere(server, '/a/b')).toEqual([])
    expect(seen).toHaveLength(3)

    folders['/'] = undefined
    await expect(wings(node).files.listIfThere(server, '/a')).rejects.toMatchObject({ status })
  })

  it('repeats a read whose connection breaks, and never a write', async () => {
    let connections = 0
    const { node } = await startSocketNode((socket) => {
      connections++
      socket.once('data', () =>
        connections === 2 ? socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]') : socket.destroy(),
      )
    })
    expect(await wings(node).servers.list()).toEqual([])
    expect(connections).toBe(2)

    await expect(wings(node).servers.power(server, 'start')).rejects.toMatchObject({
      code: 'node.unreachable',
      status: 504,
    })
    expect(connections).toBe(3)
  })

  it('gives up at its deadline, not at twice of it', async () => {
    const { node, sockets } = await startSocketNode(() => {})
    const began = performance.now()
    await expect(wingsCall(node)('GET', '/api/servers', { timeoutMs: 200 })).rejects.toMatchObject({
      code: 'node.unreachable',
    })
    expect(performance.now() - began).toBeLessThan(390)
    await sleep(50)
    expect(sockets.size).toBe(0)
  })

  it('gives up on an answer that stops in its middle', async () => {
    const { node } = await startSocketNode(
      (socket) => void socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[')),
    )
    await expect(wingsCall(node)('GET', '/api/servers', { timeoutMs: 200 })).rejects.toMatchObject({
      code: 'node.unreachable',
    })
  })

  it('takes any certificate from a node that says so, and from no other', async () => {
    const [key, cert] = ['self-signed.key.pem', 'self-signed.pem'].map((name) =>
      readFileSync(`tests/fixtures/wings/${name}`),
    )
    const secure = createSecureServer({ key, cert }, (_, response) => response.end('[]'))
    await new Promise<void>((done) => secure.listen(0, '127.0.0.1', done))
    ends.push(async () => {
      secure.closeAllConnections()
      secure.close()
    })
    const node = address(0, { baseUrl: `https://127.0.0.1:${(secure.address() as AddressInfo).port}` })

    await expect(wings(node).servers.list()).rejects.toMatchObject({ code: 'node.unreachable' })
    expect(await wings({ ...node, allowInsecure: true }).servers.list()).toEqual([])
    await expect(wings(node).servers.list()).rejects.toMatchObject({ code: 'node.unreachable' })
  })

  it('reads no further than it wants', async () => {
    const { node } = await startNode((_, response) => response.writeHead(200).end(Buffer.alloc(4096)))
    await expect(wingsCall(node)('GET', '/api/servers', { maxBytes: 100 })).rejects.toMatchObject({
      code: 'node.failed',
      status: 502,
    })
  })

  it.each(['..', '../system', `${server}/../..`, '', 'a%2fb', 'a/b'])(
    'sec-54: never puts %j into a path',
    async (identifier) => {
      const { node, seen } = await startNode((_, response) => json(response, 200, {}))
      await expect((async () => wings(node).servers.get(identifier))()).rejects.toThrow(TypeError)
      await expect((async () => wings(node).backups.remove(server, identifier))()).rejects.toThrow(TypeError)
      expect(seen).toEqual([])
    },
  )
})

describe('a node that does not answer', () => {
  it('is not asked a fourth time', async () => {
    const node = address(await freePort())
    for (let time = 0; time < 3; time++)
      await expect(wings(node).servers.power(server, 'start')).rejects.toMatchObject({ code: 'node.unreachable' })

    const began = performance.now()
    await expect(wings(node).servers.list()).rejects.toMatchObject({ code: 'node.unreachable' })
    expect(performance.now() - began).toBeLessThan(5)
  })

  it('holds few connections however many ask, none afterwards, and slows no other node', async () => {
    const { node: hung, sockets } = await startSocketNode(() => {})
    const { node: alive } = await startNode((_, response) => json(response, 200, []))
    await wings(alive).servers.list()

    const asked = Array.from({ length: 200 }, () =>
      wingsCall(hung)('GET', '/api/servers', { timeoutMs: 400 }).catch(codeOf),
    )
    const began = performance.now()
    await sleep(100)
    expect(sockets.size).toBeLessThanOrEqual(16)
    for (let time = 0; time < 20; time++) await wings(alive).servers.list()
    expect(performance.now() - began).toBeLessThan(350)

    expect(new Set(await Promise.all(asked))).toEqual(new Set(['node.unreachable']))
    expect(performance.now() - began).toBeLessThan(800)
    await sleep(50)
    expect(sockets.size).toBe(0)
  })

  it('is not blamed for a pipe that somebody reads', async () => {
    const { node, seen } = await startNode(
      ({ url }, response) => void (url.includes('/contents') || json(response, 200, [])),
    )
    const read = () =>
      wingsCall(node).raw('GET', `/api/servers/${server}/files/contents`, { timeoutMs: 100, mayDawdle: true })
    for (let time = 0; time < 4; time++) await expect(read()).rejects.toMatchObject({ code: 'node.unreachable' })

    expect(await wings(node).servers.list()).toEqual([])
    expect(seen.some(({ url }) => url === '/api/system')).toBe(true)
  })

  it('keeps its power buttons when all that may take long is taken', async () => {
    const { node } = await startNode(
      ({ url }, response) => void (url.includes('/contents') || response.writeHead(202).end()),
    )
    const reads = Array.from({ length: 60 }, () =>
      wingsCall(node)
        .raw('GET', `/api/servers/${server}/files/contents`, { timeoutMs: 500, mayDawdle: true })
        .catch(codeOf),
    )
    const began = performance.now()
    await wings(node).servers.power(server, 'kill')
    expect(performance.now() - began).toBeLessThan(200)
    await Promise.all(reads)
  })

  it('is found out by a call that may take long', async () => {
    const node = address(await freePort())
    for (let time = 0; time < 3; time++) await wings(node).files.list(server, '/').catch(codeOf)
    const began = performance.now()
    expect(await wings(node).files.list(server, '/').catch(codeOf)).toBe('node.unreachable')
    expect(performance.now() - began).toBeLessThan(5)
  })

  it('is asked at its new address as soon as it has one', async () => {
    const { node: first, seen: seenFirst } = await startNode((_, response) => json(response, 200, []))
    const { node: second, seen: seenSecond } = await startNode((_, response) => json(response, 200, []))
    await wings(first).servers.list()
    await wings({ ...first, baseUrl: second.baseUrl }).servers.list()
    expect([seenFirst.length, seenSecond.length]).toEqual([1, 1])
  })
})
