import { describe, expect, it } from 'vitest'
import { readDescription } from '../../../simulator/configuration.ts'
import { environmentOf } from '../../../simulator/environment.ts'
import { plainServer, type Flavour } from '../../../simulator/wings.ts'
import { ask, SERVER, startFast, startPanel, startWithServer, until } from './stage'

const FLAVOURS: Flavour[] = ['pterodactyl', 'pelican']
type Configs = NonNullable<Parameters<typeof plainServer>[1]>['process']

async function written(flavour: Flavour, file: string, present: string, config: object) {
  await using panel = await startPanel()
  panel.servers.set(SERVER, plainServer(SERVER, { process: { configs: [{ file, ...config }] } as Configs }))
  await using wings = await startFast({ flavour, panelUrl: panel.url })
  if (present) await ask(wings, `POST /api/servers/:server/files/write?file=${file}`, present)
  await ask(wings, 'POST /api/servers/:server/power', { action: 'start' })
  await until(() => wings.server(SERVER).state === 'running')
  return (await ask(wings, `GET /api/servers/:server/files/contents?file=${file}`)).text
}

describe('configuration files before a start', () => {
  it.each<[Flavour, string, string, object[], string]>([
    [
      'pterodactyl',
      'properties',
      'motd=A\nport=1\n',
      [
        { match: 'port', replace_with: '25565' },
        { match: 'new', replace_with: true },
      ],
      'motd=A\nport=25565\nnew=true\n',
    ],
    ['pterodactyl', 'properties', 'motd=mine\n', [{ match: 'motd', if_value: 'A', replace_with: 'B' }], 'motd=mine\n'],
    [
      'pterodactyl',
      'file',
      'bind: 1\nother\n',
      [
        { match: 'bind', replace_with: 'bind: 2' },
        { match: 'none', replace_with: 'x' },
      ],
      'bind: 2\nother\n',
    ],
    [
      'pterodactyl',
      'ini',
      'a=1\n[net]\nport=1\n',
      [
        { match: 'net.port', replace_with: '2' },
        { match: 'a', replace_with: '3' },
      ],
      'a=3\n[net]\nport=2\n',
    ],
    [
      'pterodactyl',
      'yaml',
      'a:\n  b: 1\n',
      [
        { match: 'a.b', replace_with: '25565' },
        { match: 'c', replace_with: '7' },
      ],
      'a:\n  b: 25565\nc: 7\n',
    ],
    [
      'pelican',
      'yaml',
      'a:\n  b: 1\n',
      [
        { match: 'a.b', replace_with: '25565' },
        { match: 'c', replace_with: '7' },
      ],
      'a:\n  b: 25565\nc: "7"\n',
    ],
    [
      'pelican',
      'yaml',
      's:\n  x:\n    ip: a\n  y:\n    ip: b\n',
      [{ match: 's.*.ip', if_value: 'a', replace_with: 'c' }],
      's:\n  x:\n    ip: c\n  y:\n    ip: b\n',
    ],
    [
      'pterodactyl',
      'json',
      '{"a":1}',
      [{ match: 'b[0].c', replace_with: 'true' }],
      '{\n    "a": 1,\n    "b": {\n        "0": {\n            "c": true\n        }\n    }\n}\n',
    ],
    [
      'pterodactyl',
      'properties',
      '',
      [
        { match: 'ip', replace_with: '{{config.docker.interface}}' },
        { match: 't', replace_with: '{{config.token}}' },
      ],
      'ip=172.18.0.1\nt=\n',
    ],
    ['pelican', 'properties', '', [{ match: 't', replace_with: '{{config.token}}' }], 't={{config.token}}\n'],
    ['pelican', 'properties', 'a=1\n', [{ match: 'a', if_value: null, replace_with: '2' }], 'a=1\n'],
  ])('%s %s: %j', async (flavour, parser, present, replace, expected) => {
    expect(await written(flavour, '/conf/x', present, { parser, replace })).toBe(expected)
  })
})

describe('the environment of a game', () => {
  it.each(FLAVOURS)("is the panel's, without the names that the node sets itself: %s", async (flavour) => {
    const environment = { lower: 'a', SERVER_PORT: '1' }
    const description = plainServer(SERVER, {
      settings: { environment, invocation: 'run {{LOWER}} ${SERVER_MEMORY} [[{{LOWER}}]] {{NONE}}' },
    })
    await using wings = await startWithServer({ flavour }, description)
    const startup = flavour === 'pelican' ? 'run a 1024 [[{{LOWER}}]] ${NONE}' : description.settings.invocation

    expect(environmentOf(wings.server(SERVER))).toEqual({
      TZ: 'UTC',
      SERVER_MEMORY: '1024',
      SERVER_IP: '127.0.0.1',
      SERVER_PORT: '25565',
      STARTUP: startup,
      LOWER: 'a',
    })
  })
})

describe('a description as Go reads it', () => {
  const read = (flavour: Flavour, change: (text: string) => string) =>
    readDescription(change(JSON.stringify(plainServer(SERVER))), flavour)

  it('turns numbers, booleans and null among the variables into the text that Wings makes of them', () => {
    const { settings } = read('pterodactyl', (text) =>
      text.replace('"environment":{', '"environment":{"PORT":25565,"ON":true,"NONE":null,'),
    )
    expect(settings.environment).toMatchObject({ PORT: '25565.000000', ON: 'true', NONE: '' })
  })

  it.each([
    ['1024.0', '"memory_limit":1024', '"memory_limit":1024.0'],
    ['1e3', '"memory_limit":1024', '"memory_limit":1e3'],
    ['a numeric text', '"memory_limit":1024', '"memory_limit":"1024"'],
    ['an empty list for a map', '"mappings":{"127.0.0.1":[25565]}', '"mappings":[]'],
    ['an empty map for a list', '"mounts":[]', '"mounts":{}'],
  ])('refuses %s', (_, from, to) => {
    expect(() => read('pterodactyl', (text) => text.replace(from, to))).toThrow('json: cannot read')
  })

  it('treats a denylist of a wrong type by flavour, and the project id as a number on Pelican only', () => {
    const wrong = (text: string) => text.replace('"file_denylist":[]', '"file_denylist":{"0":"x"}')
    expect(() => read('pterodactyl', wrong)).toThrow('json: cannot read')
    expect(read('pelican', wrong).settings.egg.file_denylist).toEqual([])

    const named = (text: string) => text.replace('"id":1,', '"id":"1",')
    expect(read('pterodactyl', named).settings.uuid).toBe(SERVER)
    expect(() => read('pelican', named)).toThrow('.settings.id as int')
  })

  it.each<[Flavour, string, string, string]>([
    ['pelican', 'allocations.default is null', '"default":{"ip":"127.0.0.1","port":25565}', '"default":null'],
    ['pterodactyl', 'startup.done holds a null', '"done":["For help, type"]', '"done":[null]'],
    ['pterodactyl', 'lacks parser, file or replace', '"configs":[]', '"configs":[{"file":"a"}]'],
  ])('ends %s: %s', (flavour, reason, from, to) => {
    expect(() => read(flavour, (text) => text.replace(from, to))).toThrow(reason)
  })
})

describe('a new configuration', () => {
  const rotated = {
    token_id: 'new-id',
    token: 'new-secret',
    api: { upload_limit: 5 },
    remote: 'http://new.test',
    system: { data: '/new' },
    allowed_mounts: ['/srv'],
  }

  it.each<[Flavour, number, string]>([
    ['pterodactyl', 403, 'http://new.test'],
    ['pelican', 200, ''],
  ])('on %s counts at once as far as it does there, and wholly after a restart', async (flavour, oldStatus, remote) => {
    await using wings = await startFast({ flavour, tokenId: 'old-id', token: 'old-secret', upForMs: 0 })
    const as = (token: string) => ask(wings, 'GET /api/system', undefined, { authorization: `Bearer ${token}` })
    expect((await ask(wings, 'POST /api/update', rotated)).body).toEqual({ applied: true })

    expect((await as('old-secret')).status).toBe(oldStatus)
    expect(wings.config).toMatchObject({ token: 'new-secret', api: { upload_limit: 5 }, remote, allowed_mounts: [] })
    if (remote === '') {
      await wings.restart()
      expect((await as('new-secret')).status).toBe(200)
    }
  })

  it('goes out with the old pair until the restart', async () => {
    await using panel = await startPanel()
    await using wings = await startFast({ panelUrl: panel.url, tokenId: 'old-id', token: 'old-secret' })
    await ask(wings, 'POST /api/update', { token_id: 'new-id', token: 'new-secret' })
    const pair = () => panel.requests.at(-1)?.headers.authorization
    await wings.signInToSftp({ username: 'a.8f0f7e5c', password: 'x' }).catch(() => null)
    expect(pair()).toBe('Bearer old-id.old-secret')

    await wings.restart()
    await wings.signInToSftp({ username: 'a.8f0f7e5c', password: 'x' }).catch(() => null)
    expect(pair()).toBe('Bearer new-id.new-secret')
  })

  it('keeps certificates of the administrator, refuses wrong types, and is ignored where he says so', async () => {
    await using wings = await startFast()
    await ask(wings, 'POST /api/update', {
      api: { ssl: { enabled: true, key: '/etc/letsencrypt/live/x/privkey.pem' } },
    })
    expect(wings.config.api.ssl).toEqual({ enabled: true, cert: '', key: '' })
    expect((await ask(wings, 'POST /api/update', { api: { port: '8080' } })).status).toBe(400)

    await using stubborn = await startFast({ ignorePanelConfigUpdates: true })
    expect((await ask(stubborn, 'POST /api/update', rotated)).body).toEqual({ applied: false })
  })
})
