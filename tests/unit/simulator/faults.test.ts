import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { plainServer } from '../../../simulator/wings.ts'
import { ask, consoleToken, openConsole, SERVER, startFast, startPanel, startWithServer } from './stage'

describe('a fault', () => {
  it('slows down before or after the work', async () => {
    await using wings = await startWithServer()
    const timed = async () => {
      const since = Date.now()
      const { status } = await ask(wings, 'GET /api/system')
      return { status, ms: Date.now() - since }
    }
    wings.faults.add({ on: 'GET /api/system', fault: { kind: 'slow', ms: 400 }, times: 1 })

    expect((await timed()).ms).toBeGreaterThanOrEqual(390)
    const quick = await timed()
    expect(quick.status).toBe(200)
    expect(quick.ms).toBeLessThan(390)
  })

  it('hangs: accepts and never answers, with or without having done the work', async () => {
    await using wings = await startWithServer()
    const write = (file: string) =>
      fetch(`${wings.url}/api/servers/${SERVER}/files/write?file=${file}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${wings.token}` },
        body: 'x',
        signal: AbortSignal.timeout(80),
      })
    wings.faults.add({ on: '* /api/servers/*/files/write', fault: { kind: 'hung' } })
    await expect(write('/a')).rejects.toThrow('timeout')
    wings.faults.add({ on: '* /api/servers/*/files/write', fault: { kind: 'hung', handled: true } })
    await expect(write('/b')).rejects.toThrow('timeout')

    const { body } = await ask(wings, 'GET /api/servers/:server/files/list-directory?directory=/')
    expect(body.map(({ name }: { name: string }) => name)).toEqual(['b'])
    expect(wings.seen.filter(({ path }) => path.endsWith('write')).map(({ status }) => status)).toEqual([null, null])
  })

  it('refuses with the status and the body that were ordered', async () => {
    await using wings = await startWithServer()
    const withdraw = wings.faults.add({
      on: '/api/servers/*',
      fault: { kind: 'refusing', status: 503, body: { error: 'full' } },
    })
    expect(await ask(wings, 'GET /api/servers/:server')).toMatchObject({ status: 503, body: { error: 'full' } })
    expect((await ask(wings, 'GET /api/system')).status).toBe(200)

    withdraw()
    wings.faults.add({ on: '*', fault: { kind: 'refusing', status: 502, body: '<html>bad gateway</html>' } })
    expect(await ask(wings, 'GET /api/servers/:server')).toMatchObject({
      status: 502,
      text: '<html>bad gateway</html>',
    })
    wings.faults.clear()
    expect((await ask(wings, 'GET /api/servers/:server')).status).toBe(200)
  })

  it('dies in the middle of an answer, after the work', async () => {
    await using wings = await startWithServer()
    wings.faults.add({ on: '*', fault: { kind: 'dying' } })
    await expect(ask(wings, 'GET /api/system')).rejects.toThrow('terminated')
    await expect(ask(wings, 'DELETE /api/servers/:server')).rejects.toThrow('fetch failed')

    expect(wings.servers).toHaveLength(0)
  })

  it('strikes websockets too, and cuts those that are open', async () => {
    await using wings = await startWithServer()
    using browser = await openConsole(wings, { token: consoleToken(wings) })
    wings.cutSockets()
    expect((await browser.closed).code).toBe(1006)

    wings.faults.add({ on: 'GET /api/servers/*/ws', fault: { kind: 'refusing', status: 502 } })
    await expect(openConsole(wings)).rejects.toThrow('502')
    wings.faults.add({ on: 'GET /api/servers/*/ws', fault: { kind: 'dying' } })
    await expect(openConsole(wings)).rejects.toThrow('hang up')
  })
})

describe('a call', () => {
  it('that Wings does not have is answered with 599 and named', async () => {
    await using wings = await startWithServer()
    wings.assertNoUnknown()
    expect((await ask(wings, 'PATCH /api/servers/:server')).status).toBe(599)
    expect((await ask(wings, 'POST /api/servers/:server/archive')).status).toBe(599)

    expect(() => wings.assertNoUnknown()).toThrow(`PATCH /api/servers/${SERVER}, POST /api/servers/${SERVER}/archive`)
  })

  it('needs the bare secret of the node', async () => {
    await using wings = await startFast()
    const as = (authorization: string) => ask(wings, 'GET /api/system', undefined, { authorization })
    const missing = await as('')
    expect([missing.status, missing.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
    expect((await as(`bearer ${wings.token}`)).status).toBe(401)
    expect((await as(`Bearer ${wings.tokenId}.${wings.token}`)).status).toBe(403)
    expect((await as(`Bearer ${wings.token}`)).status).toBe(200)
  })

  it('is named in what is refused, and in every header', async () => {
    await using wings = await startWithServer({ flavour: 'pelican' })
    const broken = await ask(wings, 'POST /api/servers/:server/power', '{')
    expect(broken).toMatchObject({ status: 400, body: { request_id: broken.headers.get('x-request-id') } })
    expect(broken.headers.get('content-type')).toContain('text/plain')
    const empty = await ask(wings, 'POST /api/servers/:server/power')
    expect([empty.status, Object.keys(empty.body)]).toEqual([400, ['error']])
    expect((await ask(wings, 'GET /api/system')).headers.get('user-agent')).toBe(
      `Pelican Wings/v1.0.0-beta29 (id:${wings.tokenId})`,
    )
  })

  it('may come from pages of the panel, and of nobody else', async () => {
    await using wings = await startWithServer({
      panelUrl: 'http://panel.test',
      boot: false,
      allowedOrigins: ['http://other.test'],
    })
    const allowed = async (origin: string) =>
      (await ask(wings, 'OPTIONS /upload/file', undefined, { origin })).headers.get('access-control-allow-origin')
    expect([await allowed('http://stranger.test'), await allowed('http://other.test')]).toEqual([
      'http://panel.test',
      'http://other.test',
    ])
  })

  it('tells by its date that the clock of the node is wrong', async () => {
    await using wings = await startWithServer({ clockSkewMs: 3_600_000 })
    const date = (await ask(wings, 'GET /api/system')).headers.get('date') ?? ''
    expect(Date.parse(date) - Date.now()).toBeGreaterThan(3_500_000)
  })
})

describe('the program', () => {
  it('runs from a configuration file, takes orders for faults, and ends on a signal', async () => {
    await using panel = await startPanel()
    panel.servers.set(SERVER, plainServer(SERVER))
    const folder = await mkdtemp(join(tmpdir(), 'wings-'))
    const file = join(folder, 'config.yml')
    await writeFile(
      file,
      `token_id: "some-id"\ntoken: "some-secret"\nremote: "${panel.url}"\napi:\n  host: 127.0.0.1\n  port: 0\n`,
    )
    const child = spawn(process.execPath, [
      'simulator/cli.ts',
      '--config',
      file,
      '--flavour',
      'pelican',
      '--data',
      folder,
    ])
    const [line] = (await once(child.stdout, 'data')) as [Buffer]
    expect(String(line)).toMatch(/^Simulated pelican Wings, 1 servers, http:/)
    const url = /http:\S+/.exec(String(line))?.[0]

    const order = { on: 'GET /api/system', fault: { kind: 'refusing', status: 500 } }
    expect((await fetch(`${url}/_simulator/faults`, { method: 'POST', body: JSON.stringify(order) })).status).toBe(204)
    expect((await fetch(`${url}/api/system`, { headers: { authorization: 'Bearer some-secret' } })).status).toBe(500)
    const seen = (await (await fetch(`${url}/_simulator/seen`)).json()) as { seen: { path: string }[] }
    expect(seen.seen.map(({ path }) => path)).toEqual(['/api/system'])

    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
    await rm(folder, { recursive: true })
  })

  it('says how it is called, and why it ended', async () => {
    const ends = async (...args: string[]) => {
      const child = spawn(process.execPath, ['simulator/cli.ts', ...args])
      let words = ''
      child.stderr.on('data', (chunk) => (words += String(chunk)))
      const [code] = (await once(child, 'close')) as [number]
      return { code, words }
    }
    expect(await ends()).toMatchObject({ code: 2, words: expect.stringContaining('node simulator/cli.ts --panel URL') })

    await using panel = await startPanel()
    panel.on('GET /api/remote/servers?page=0&per_page=50', { status: 403 })
    const folder = await mkdtemp(join(tmpdir(), 'wings-'))
    const refused = await ends('--panel', panel.url, '--token-id', 'a', '--token', 'b', '--port', '0', '--data', folder)
    expect(refused).toMatchObject({ code: 1, words: expect.stringContaining('boot: the panel answered 403') })
    await rm(folder, { recursive: true })
  })
})
