import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { printEggFile } from '#server/services/eggs/format/print-egg-file'
import { EGG_FILE_MAX_BYTES, readEggFile } from '#server/services/eggs/format/read-egg-file'
import { AppError } from '#server/errors'
import { broken, randomFrom } from '../../support/broken-text'

const FOLDER = 'tests/fixtures/eggs'
const files = readdirSync(FOLDER)
const textOf = (file: string) => readFileSync(`${FOLDER}/${file}`, 'utf8')
const read = (text: string) => readEggFile(Buffer.from(text))

const AT = '2026-07-08T09:10:11.123Z'
const withMoment = (text: string) => text.replace(/(?<=exported_at["']?:\s*["'])[^"']+/, '2026-07-08T09:10:11+00:00')

describe.each(files)('%s', (file) => {
  const text = textOf(file)
  const { definition, kind, format } = read(text)
  const source = { kind, text }

  it('comes back to the byte, but for the moment', () => {
    const printed = printEggFile({ egg: definition, source, as: null, at: AT })
    expect(printed.text).toBe(withMoment(text))
    expect(printed.text).toContain('2026-07-08T09:10:11+00:00')
    expect(printed.kind).toBe(kind)
    expect(printEggFile({ egg: definition, source, as: { kind }, at: AT }).text).toBe(withMoment(text))
  })

  it.each([
    { format: 'PTDL_v2', kind: 'json' },
    { format: 'PLCN_v3', kind: 'json' },
    { format: 'PLCN_v3', kind: 'yaml' },
  ] as const)('says the same as $format in $kind', (as) => {
    const printed = printEggFile({ egg: definition, source, as, at: AT })
    const again = read(printed.text)
    expect({ format: again.format, kind: again.kind }).toEqual({ format: as.format, kind: as.kind })
    expect(again.definition.name).toBe(definition.name)
    expect(again.definition.dockerImages).toEqual(definition.dockerImages)
    expect(again.definition.startup).toBe(definition.startup)
    expect(again.definition.variables.map(({ sort: _, ...variable }) => variable)).toEqual(
      definition.variables.map(({ sort: _, ...variable }) => variable),
    )
    expect(again.definition.config.stop).toBe(definition.config.stop)
    expect(again.definition.script.install?.replaceAll('\r\n', '\n')).toBe(
      definition.script.install?.replaceAll('\r\n', '\n'),
    )
    // In JSON the texts are the very same ones.
    if (as.kind === 'json') expect(again.definition.config).toEqual(definition.config)
    else expect(JSON.parse(again.definition.config.files ?? '')).toEqual(JSON.parse(definition.config.files ?? ''))
    if (as.format === 'PLCN_v3' && format === 'PLCN_v3')
      expect(again.definition.startupCommands).toEqual(definition.startupCommands)
  })

  it('keeps what it does not know when the egg has changed', () => {
    const printed = printEggFile({ egg: { ...definition, name: 'Another name' }, source, as: null, at: AT })
    expect(read(printed.text).definition).toMatchObject({
      name: 'Another name',
      dockerImages: definition.dockerImages,
      variables: definition.variables,
    })
    if (text.includes('x_maker')) expect(printed.text).toContain('x_maker')
    if (text.includes('x_hint')) expect(printed.text).toContain('x_hint')
    if (text.includes('data:image')) expect(printed.text).toContain('data:image')
  })
})

it('changes only what was changed, in the spelling of the file', () => {
  const text = textOf('ptdl-v2-escaped.json')
  const { definition } = read(text)
  const printed = printEggFile({
    egg: { ...definition, startup: 'sh "run.sh" ä' },
    source: { kind: 'json', text },
    as: null,
    at: AT,
  })
  expect(printed.text).toBe(
    withMoment(text).replace('"java -Xms128M -jar {{SERVER_JARFILE}}"', '"sh \\"run.sh\\" \\u00e4"'),
  )
})

describe('readEggFile', () => {
  it('reads what the formats say', () => {
    const { definition } = read(textOf('ptdl-v2-escaped.json'))
    expect(definition.dockerImages.map(([label]) => label)).toEqual(['21', '17', '8'])
    expect(definition.config.files).toContain('\r\n')
    expect(definition.description).toContain('öäü')
    expect(read(textOf('ptdl-v1.json')).definition.dockerImages).toEqual([
      ['registry.example.test/java:8', 'registry.example.test/java:8'],
    ])
    const yaml = read(textOf('plcn-v3.yaml')).definition
    expect(yaml).toMatchObject({
      startup: 'java -jar {{SERVER_JARFILE}}',
      fileDenylist: [],
      tags: ['minecraft', 'yes'],
    })
    expect(yaml.startupCommands?.map(([name]) => name)).toEqual(['Default', '8', 'Debug'])
    expect(yaml.variables.map(({ rules, defaultValue }) => [rules, defaultValue])).toEqual([
      ['required|regex:/^(a|b)+$/', 'server.jar'],
      ['required|boolean', 'false'],
    ])
    expect(JSON.parse(yaml.config.files ?? '')).toEqual({
      'server.properties': {
        parser: 'properties',
        find: { 'server-port': '{{server.allocations.default.port}}', 'enable-query': true, '10': 1 },
      },
    })
  })

  it('knows a file without an image by nil', () => {
    const { docker_images: _, ...egg } = JSON.parse(textOf('ptdl-v2.json')) as Record<string, unknown>
    expect(read(JSON.stringify({ ...egg, meta: { version: 'PTDL_v1' } })).definition.dockerImages).toEqual([
      ['nil', 'nil'],
    ])
  })
})

/** The fields a file is refused for. */
function refusal(change: (egg: Loose) => unknown, from = 'ptdl-v2.json'): string[] {
  const egg = JSON.parse(textOf(from)) as Loose
  const changed = change(egg) ?? egg
  try {
    read(JSON.stringify(changed))
    return []
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    expect(error.status).toBe(422)
    return error.fields.map(({ field, rule }) => `${field} ${rule}`)
  }
}
type Loose = ReturnType<typeof JSON.parse>

describe('checks', () => {
  const withFiles = (value: unknown) => (egg: Loose) =>
    void (egg.config.files = typeof value === 'string' ? value : JSON.stringify(value))
  const withFind = (find: object, parser = 'yaml') => withFiles({ f: { parser, find } })

  it.each<[string, (egg: Loose) => unknown, string[]]>([
    ['no name', (egg) => void (egg.name = ' '), ['name required']],
    ['a name that is a list', (egg) => void (egg.name = []), ['name string']],
    ['no image', (egg) => void (egg.docker_images = {}), ['docker_images required']],
    ['an image with a line break', (egg) => void (egg.docker_images = { a: 'b\nc' }), ['docker_images.a regex']],
    ['an image with an option', (egg) => void (egg.docker_images = { a: '--privileged;x' }), ['docker_images.a regex']],
    ['no command', (egg) => void (egg.startup = ''), ['startup required']],
    ['a config that is no JSON', withFiles('{'), ['config.files json']],
    [
      'a reserved variable',
      (egg) => void (egg.variables[0].env_variable = 'server_port'),
      ['variables.0.env_variable not_in'],
    ],
    [
      'a variable twice',
      (egg) => void (egg.variables[1].env_variable = 'server_jarfile'),
      ['variables.1.env_variable unique'],
    ],
    [
      'a variable of another form',
      (egg) => void (egg.variables[0].env_variable = 'A-B'),
      ['variables.0.env_variable regex'],
    ],
    ['variables that are none', (egg) => void (egg.variables = [1]), ['variables.0 array']],
    ['a NUL', (egg) => void (egg.scripts.installation.script = 'a\0b'), ['script string']],
    ['sec-27: the token of the node', withFind({ a: '{{config.token}}' }), ['config.files placeholder']],
    ['sec-27: with blanks', withFind({ a: '{{ config.token }}' }), ['config.files placeholder']],
    [
      'sec-27: hidden by an escape',
      withFiles('{"f": {"parser": "file", "find": {"a": "{\\u007bconfig.token}}"}}}'),
      ['config.files placeholder'],
    ],
    ['sec-27: as the present value', withFind({ a: { '{{config.token}}': 'x' } }), ['config.files placeholder']],
    [
      'sec-27: as a file',
      withFiles({ '{{config.token}}': { parser: 'file', find: {} } }),
      ['config.files placeholder'],
    ],
    ['sec-27: where it runs on', withFind({ a: '{{config.docker.interface.x}}' }), ['config.files placeholder']],
    [
      'sec-27: the network, which is allowed',
      withFind({ a: '{{config.docker.interface}}', b: '{{config.docker.network.interface}}' }),
      [],
    ],
    [
      'sec-28: too many files',
      withFiles(Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`f${at}`, { parser: 'file', find: {} }]))),
      ['config.files max'],
    ],
    [
      'sec-28: too many replacements',
      withFind(Object.fromEntries(Array.from({ length: 1001 }, (_, at) => [`k${at}`, 'v']))),
      ['config.files max'],
    ],
    [
      'sec-28: too many of them in one',
      withFind({ a: Object.fromEntries(Array.from({ length: 1001 }, (_, at) => [`k${at}`, 'v'])) }),
      ['config.files max'],
    ],
    ['sec-28: too long', withFind({ a: 'x'.repeat(200_001) }), ['config.files max']],
    ['sec-28: a list without end', withFind({ 'list[4294967295]': 'x' }), ['config.files max']],
    ['sec-28: the same with a dot', withFind({ 'list.4294967295.a': 'x' }, 'json'), ['config.files max']],
    ['a number that is no place of a list', withFind({ 'server.25565': 'x' }, 'properties'), []],
    ['a file outside', withFiles({ '../../etc/passwd': { parser: 'file', find: { a: 'b' } } }), ['config.files path']],
  ])('%s', (_, change, expected) => {
    expect(refusal(change)).toEqual(expected)
  })

  it("lets Pterodactyl's eggs have names that only Pelican reserves", () => {
    const rename = (egg: Loose) => void (egg.variables[0].env_variable = 'TZ')
    expect(refusal(rename)).toEqual([])
    expect(refusal(rename, 'plcn-v3.json')).toEqual(['variables.0.env_variable not_in'])
  })
})

describe('what is no egg', () => {
  it.each<[string, string | Uint8Array, string]>([
    ['nothing', '', 'egg.file_unreadable'],
    ['half a file', textOf('ptdl-v2.json').slice(0, 500), 'egg.file_unreadable'],
    ['JSON of something else', '{"meta":{"version":"PTDL_v9"}}', 'egg.file_unrecognized'],
    ['a list', '[]', 'egg.file_unrecognized'],
    ['YAML of something else', 'a: b', 'egg.file_unknown'],
    ['a picture', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0xff, 0xfe]), 'egg.file_unreadable'],
    ['the same name twice', '{"meta": 1, "meta": 2}', 'egg.file_unreadable'],
    ['a bomb of references', `a: &a [x]\nb: [${'*a,'.repeat(100)}]`, 'egg.file_unreadable'],
    ['a tag', 'meta: !!binary aGVsbG8=\nname: !<tag:x,2000:y> z', 'egg.file_unreadable'],
    ['brackets without end', '{'.repeat(500_000), 'egg.file_unreadable'],
    ['the same in YAML', `a: ${'{'.repeat(500_000)}`, 'egg.file_unreadable'],
    ['dashes without end', `a:\n${'- '.repeat(400_000)}`, 'egg.file_unreadable'],
    ['names without end', 'a: 1\n'.repeat(150_000), 'egg.file_unreadable'],
    ['a megabyte and more', ' '.repeat(EGG_FILE_MAX_BYTES + 1), 'request.too_large'],
  ])('%s', (_, given, code) => {
    const started = performance.now()
    const act = () => readEggFile(typeof given === 'string' ? Buffer.from(given) : given)
    expect(act).toThrow(AppError)
    try {
      act()
    } catch (error) {
      expect(error).toMatchObject({ code })
    }
    expect(performance.now() - started).toBeLessThan(2000)
  })

  it('answers two thousand broken files with a sentence', () => {
    const random = randomFrom(7)
    for (let count = 0; count < 2000; count++) {
      const given = broken(textOf(files[random(files.length)]!), { random, times: random(4) + 1, cut: 20 })
      try {
        const { definition, kind, text: taken } = read(given)
        const printed = printEggFile({ egg: definition, source: { kind, text: taken }, as: null, at: AT })
        expect(read(printed.text).definition).toEqual(definition)
      } catch (error) {
        if (!(error instanceof AppError)) throw new Error(`seed ${count}: ${String(error)}\n${given}`, { cause: error })
        expect(error.status).toBeGreaterThanOrEqual(400)
        expect(error.status).toBeLessThan(500)
        expect(error.message).not.toBe('')
      }
    }
  })
})
