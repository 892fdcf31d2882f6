import { readFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterEach, expect, it, vi } from 'vitest'
import { breaker } from '#server/wings/breaker'
import { probeNode } from '#server/wings/probe'

const ends: (() => void)[] = []
let nodes = 0

afterEach(() => {
  for (const end of ends.splice(0)) end()
})

async function listen(server: Server & { closeAllConnections?: () => void }): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  ends.push(() => {
    server.close()
    server.closeAllConnections?.()
  })
  return (server.address() as AddressInfo).port
}

const certificate = (name: string) => ({
  key: readFileSync(`tests/fixtures/wings/${name}.key.pem`),
  cert: readFileSync(`tests/fixtures/wings/${name}.pem`),
})

const system = { version: '1.11.11', system: { cpu_threads: 8 } }
const answers =
  (status: number, body: unknown, headers: Record<string, string> = {}): RequestListener =>
  (_, response) =>
    void response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body))

const plain = (listener: RequestListener) => listen(createServer(listener))
const secure = (name: string, listener: RequestListener) => listen(createSecureServer(certificate(name), listener))

const probe = (baseUrl: string, { allowInsecure = false } = {}) =>
  probeNode({ id: `probed-${++nodes}`, baseUrl, apiToken: 'secret', allowInsecure }, { stepTimeoutMs: 300 })

/** `name ok · port port_refused · answer –` */
const told = ({ steps }: Awaited<ReturnType<typeof probe>>) =>
  steps
    .map(({ step, ok, cause }) => `${step} ${[ok === null ? '–' : ok && 'ok', cause].filter(Boolean).join(' ')}`)
    .join(' · ')

it('finds the way to a node that is well', async () => {
  const found = await probe(`http://localhost:${await plain(answers(200, system))}/`)
  expect(told(found)).toBe('name ok · port ok · answer ok · token ok · clock ok')
  expect(found).toMatchObject({
    isInContact: true,
    isTokenAccepted: true,
    isPelican: false,
    system: { version: '1.11.11', cpuThreads: 8 },
  })
  expect(found.steps.every(({ ms }) => ms !== null && ms >= 0)).toBe(true)
})

it('knows Pelican by what it calls itself', async () => {
  const port = await plain(answers(200, system, { 'user-agent': 'Pelican Wings/v1.0.0 (id:abc)' }))
  expect(await probe(`http://127.0.0.1:${port}`)).toMatchObject({ isPelican: true })
})

it('asks under the path that a node has in front, with its secret', async () => {
  const port = await plain(({ url, headers }, response) => {
    const isRight = url === '/wings/api/system?v=2' && headers.authorization === 'Bearer secret'
    response.end(isRight ? JSON.stringify(system) : '')
  })
  expect(told(await probe(`http://127.0.0.1:${port}/wings/`))).toContain('token ok')
})

it.each<[string, () => Promise<string>, string]>([
  [
    'has no name',
    async () => `http://${'a'.repeat(64)}.invalid:8080`,
    'name name_unknown · port – · answer – · token – · clock –',
  ],
  [
    'does not run',
    async () => {
      const server = createTcpServer()
      const port = await listen(server)
      server.close()
      return `http://127.0.0.1:${port}`
    },
    'name ok · port port_refused · answer – · token – · clock –',
  ],
  [
    'is hung',
    async () =>
      `http://127.0.0.1:${await listen(createTcpServer((socket) => void socket.on('error', () => {}).resume()))}`,
    'name ok · port ok · answer answer_timeout · token – · clock –',
  ],
  [
    'dies in the middle',
    async () =>
      `http://127.0.0.1:${await listen(createTcpServer((socket) => void socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{'))))}`,
    'name ok · port ok · answer answer_broken · token – · clock –',
  ],
  [
    'is a web server of somebody',
    async () => `http://127.0.0.1:${await plain(answers(200, '<html>'))}`,
    'name ok · port ok · answer answer_not_wings · token – · clock –',
  ],
  [
    'is a web server that wants a password',
    async () => `http://127.0.0.1:${await plain(answers(401, 'no'))}`,
    'name ok · port ok · answer answer_not_wings · token – · clock –',
  ],
  [
    'wants TLS',
    async () => `http://127.0.0.1:${await plain(answers(400, 'Client sent an HTTP request to an HTTPS server.\n'))}`,
    'name ok · port ok · answer answer_wants_tls · token – · clock –',
  ],
  [
    'has another token',
    async () =>
      `http://127.0.0.1:${await plain(answers(403, { error: 'You are not authorized to access this endpoint.' }))}`,
    'name ok · port ok · answer ok · token token_refused · clock –',
  ],
  [
    'has no Docker',
    async () => `http://127.0.0.1:${await plain(answers(500, { error: 'An unexpected error', request_id: 'r' }))}`,
    'name ok · port ok · answer ok answer_failing · token ok · clock ok',
  ],
  [
    'is a little ahead',
    async () =>
      `http://127.0.0.1:${await plain(answers(200, system, { date: new Date(Date.now() + 60_000).toUTCString() }))}`,
    'name ok · port ok · answer ok · token ok · clock ok clock_ahead',
  ],
  [
    'is an hour behind',
    async () =>
      `http://127.0.0.1:${await plain(answers(200, system, { date: new Date(Date.now() - 3_600_000).toUTCString() }))}`,
    'name ok · port ok · answer ok · token ok · clock clock_behind',
  ],
  [
    'has an address that is none',
    async () => 'http://not a host:8080',
    'name name_unknown · port – · answer – · token – · clock –',
  ],
  [
    'speaks no TLS',
    async () => `https://127.0.0.1:${await plain(answers(200, system))}`,
    'name ok · port ok · tls tls_absent · answer – · token – · clock –',
  ],
  [
    'has a certificate of its own',
    async () => `https://127.0.0.1:${await secure('self-signed', answers(200, system))}`,
    'name ok · port ok · tls tls_self_signed · answer – · token – · clock –',
  ],
  [
    'has one that ended',
    async () => `https://localhost:${await secure('ended', answers(200, system))}`,
    'name ok · port ok · tls tls_expired · answer – · token – · clock –',
  ],
  [
    'never ends its greeting',
    async () =>
      `https://127.0.0.1:${await listen(createTcpServer((socket) => void socket.on('error', () => {}).resume()))}`,
    'name ok · port ok · tls tls_timeout · answer – · token – · clock –',
  ],
])('says it of a node that %s', async (_, start, expected) => {
  expect(told(await probe(await start()))).toBe(expected)
})

it.each([
  ['2126-10-01', 'tls ok'],
  ['2126-10-20', 'tls ok tls_ends_soon'],
])('on %s says of a certificate when it ends: %s', async (day, expected) => {
  const trusted = getCACertificates()
  setDefaultCACertificates([...trusted, certificate('self-signed').cert.toString()])
  vi.useFakeTimers({ toFake: ['Date'], now: new Date(day) })
  try {
    const found = await probe(`https://localhost:${await secure('self-signed', answers(200, system))}`)
    expect(told(found)).toContain(` · ${expected} · answer ok`)
    expect(found.steps[2]?.detail).toEqual({ ends_at: '2126-10-31T11:35:38.000Z' })
  } finally {
    vi.useRealTimers()
    setDefaultCACertificates(trusted)
  }
})

it('warns of a certificate that the node is allowed to have, and goes on', async () => {
  const port = await secure('ended', answers(200, system))
  const found = await probe(`https://localhost:${port}`, { allowInsecure: true })
  expect(told(found)).toBe('name ok · port ok · tls ok tls_expired · answer ok · token ok · clock ok')
  expect(found.steps[2]!.detail).toEqual({ ended_at: '2021-01-01T00:00:00.000Z' })
})

it('opens the breaker with its silences, and closes it with an answer', async () => {
  const id = `probed-${++nodes}`
  const node = { id, baseUrl: `http://127.0.0.1:1`, apiToken: 'secret', allowInsecure: false }
  for (let time = 0; time < 3; time++) await probeNode(node)
  expect(breaker.isOpen(id)).toBe(true)

  const port = await plain(answers(403, { error: 'no' }))
  await probeNode({ ...node, baseUrl: `http://127.0.0.1:${port}` })
  expect(breaker.isOpen(id)).toBe(false)
})
