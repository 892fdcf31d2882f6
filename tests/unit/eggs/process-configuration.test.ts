import { describe, expect, it } from 'vitest'
import { processConfiguration as contract, type ServerSettings } from '#server/contracts/remote'
import { processConfiguration } from '#server/services/eggs/process-configuration'

const settings: ServerSettings = {
  id: 7,
  uuid: '8f0f7e5c-0000-4000-8000-000000000001',
  meta: { name: 'Survival', description: '' },
  suspended: false,
  invocation: 'java -jar {{JAR}}',
  skip_egg_scripts: false,
  environment: { JAR: 'server.jar', MOTD: '{{config.token}}', TRICK: '{{con{{config.x}}fig.token}}', EMPTY: '' },
  allocations: {
    force_outgoing_ip: false,
    default: { ip: '203.0.113.5', port: 25565 },
    mappings: { '203.0.113.5': [25565, 25566] },
  },
  build: {
    memory_limit: 2048,
    swap: 0,
    io_weight: 500,
    cpu_limit: 200,
    disk_space: 10_240,
    threads: null,
    oom_disabled: true,
    oom_killer: false,
  },
  mounts: [],
  egg: { id: 'egg-uuid', file_denylist: [], features: {} },
  container: { image: 'example/java:21' },
}

function told({
  flavour = 'pterodactyl',
  ...egg
}: Partial<{ files: string; startup: string; stop: string; flavour: 'pterodactyl' | 'pelican' }>) {
  const told = processConfiguration({ egg: { files: null, startup: null, stop: null, ...egg }, settings, flavour })
  expect(contract.parse(told)).toEqual(told)
  return told
}

const replaced = (value: unknown) =>
  told({ files: JSON.stringify({ f: { parser: 'file', find: { key: value } } }) }).configs[0]?.replace[0]?.replace_with

describe('placeholders', () => {
  it.each([
    ['{{server.build.default.port}}', '25565'],
    ['{{server.build.default.ip}}:{{server.build.default.port}}', '203.0.113.5:25565'],
    ['{{server.allocations.default.port}}', '25565'],
    ['{{server.build.memory}}', '2048'],
    ['{{server.build.memory_limit}}', '2048'],
    ['{{server.build.disk}}', '10240'],
    ['{{server.build.env.JAR}}', 'server.jar'],
    ['{{server.environment.JAR}}', 'server.jar'],
    ['{{env.JAR}}', 'server.jar'],
    ['{{env.SERVER_PORT}}', '25565'],
    ['{{server.build.env.SERVER_MEMORY}}', '2048'],
    ['{{env.SERVER_IP}}', '203.0.113.5'],
    ['{{server.suspended}}', '0'],
    ['{{server.uuid}}', settings.uuid],
    ['{{server.meta.name}}', 'Survival'],
    ['{{server.build.image}}', 'example/java:21'],
    ['{{server.build.ports.203.0.113.5}}', '25565,25566'],
    ['{{server.build.threads}}', ''],
    ['{{server.constructor.name}}', ''],
    ['{{env.NOT_THERE}}', ''],
    ['{{config.docker.interface}}', '{{config.docker.network.interface}}'],
    ['{{config.docker.network.interface}}', '{{config.docker.network.interface}}'],
    ['{{SOMETHING}} {{ spaced }}', '{{SOMETHING}} {{ spaced }}'],
    [25565, 25565],
    [true, true],
    [null, ''],
    ['\ud800', '\ufffd'],
  ])('%j becomes %j', (given, expected) => {
    expect(replaced(given)).toBe(expected)
  })

  it.each([
    '{{config.token}}',
    '{{ config.token }}',
    '{{env.MOTD}}',
    '{{env.TRICK}}',
    '{{con{{env.EMPTY}}fig.token}}',
    '{{{{config.x}}config.token}}',
    '{{CONFIG.token}}',
  ])('sec-27: %s tells a server nothing of its node', (given) => {
    expect(replaced(given)).not.toMatch(/\{\{\s*config/i)
  })
})

describe('files', () => {
  it('turns values that depend on the present one into a line each', () => {
    const files =
      '{"config.yml": {"parser": "yml", "create_file": false, "find": {"servers.*.address": {"127.0.0.1": "{{config.docker.interface}}", "regex:^local": "x"}, "10": "b", "2": "a"}}}'
    expect(told({ files }).configs).toEqual([
      {
        file: 'config.yml',
        parser: 'yaml',
        create_file: false,
        replace: [
          { match: 'servers.*.address', if_value: '127.0.0.1', replace_with: '{{config.docker.network.interface}}' },
          { match: 'servers.*.address', if_value: 'regex:^local', replace_with: 'x' },
          { match: '10', replace_with: 'b' },
          { match: '2', replace_with: 'a' },
        ],
      },
    ])
  })

  it.each([
    '',
    '[]',
    'null',
    '{',
    '"text"',
    '{"f": null}',
    '{"f": {"parser": "file"}}',
    '{"f": {"find": {"a": "b"}}}',
    '{"f": {"parser": "perl", "find": {"a": "b"}}}',
  ])('passes %j over', (files) => {
    expect(told({ files }).configs).toEqual([])
  })
})

it.each([
  ['{"done": "ready"}', { done: ['ready'], user_interaction: [], strip_ansi: false }],
  [
    '{"done": ["a", null, "regex:b"], "userInteraction": ["x"], "strip_ansi": true}',
    { done: ['a', 'regex:b'], user_interaction: [], strip_ansi: true },
  ],
  ['{"done": ""}', { done: [''], user_interaction: [], strip_ansi: false }],
  ['{}', { done: [], user_interaction: [], strip_ansi: false }],
  ['broken', { done: [], user_interaction: [], strip_ansi: false }],
])('start %s', (startup, expected) => {
  expect(told({ startup }).startup).toEqual(expected)
})

it.each<[string, object, object]>([
  ['stop', { type: 'command', value: 'stop' }, { type: 'command', value: 'stop' }],
  ['^C', { type: 'signal', value: 'C' }, { type: 'signal', value: 'C' }],
  ['^^C', { type: 'signal', value: 'C' }, { type: 'signal', value: 'C' }],
  ['^SIGINT', { type: 'stop', value: '' }, { type: 'signal', value: 'SIGINT' }],
  ['^sigterm', { type: 'stop', value: '' }, { type: 'signal', value: 'SIGTERM' }],
  ['^INT', { type: 'stop', value: '' }, { type: 'signal', value: 'SIGINT' }],
  ['^SIGKILL', { type: 'signal', value: 'SIGKILL' }, { type: 'signal', value: 'SIGKILL' }],
  ['', { type: 'stop', value: '' }, { type: 'stop', value: '' }],
])('stop %j', (stop, pterodactyl, pelican) => {
  expect(told({ stop }).stop).toEqual(pterodactyl)
  expect(told({ stop, flavour: 'pelican' }).stop).toEqual(pelican)
})
