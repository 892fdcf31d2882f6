import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkDefinition } from '#server/services/eggs/format/check-definition'
import { readEggFile } from '#server/services/eggs/format/read-egg-file'
import { SHIPPED_EGGS } from '#server/services/eggs/ship-eggs'
import { EGG_ICONS } from '#shared/contracts/application/eggs'
import { EGG_FEATURES } from '#shared/utils/egg-features'
import { parseRules, unknownRules, validate } from '#shared/utils/egg-variables'

const files = readdirSync('eggs')
const read = (file: string) => readEggFile(readFileSync(`eggs/${file}`)).definition

it('are all that lie in the folder, each with a mark and a uuid of its own', () => {
  expect(SHIPPED_EGGS.map(({ file }) => `${file}.yaml`).toSorted()).toEqual(files.toSorted())
  for (const { icon } of SHIPPED_EGGS) expect(EGG_ICONS).toContain(icon)
  expect(new Set(files.map((file) => read(file).uuid)).size).toBe(files.length)
})

describe.each(files)('%s', (file) => {
  const egg = read(file)

  it('is sound', () => {
    expect(checkDefinition(egg, 'PLCN_v3')).toEqual([])
    expect(egg.description).toMatch(/\.$/)
    expect((egg.features ?? []).filter((feature) => !(feature in EGG_FEATURES))).toEqual([])
    expect(JSON.parse(egg.config.startup ?? '').done).toBeDefined()
  })

  it('has variables that are used, with rules that are known and defaults that keep them', () => {
    const used = [egg.startup, ...(egg.startupCommands ?? []).flat(), egg.script.install, egg.config.files].join(' ')
    for (const { envVariable, rules, defaultValue, name } of egg.variables) {
      expect(unknownRules(parseRules(rules))).toEqual([])
      const refused = validate(defaultValue, parseRules(rules), { name, like: defaultValue })
      // A password has no default: everybody would know it.
      if (envVariable !== 'RCON_PASS') expect(refused).toEqual([])
      // The image reads this one by itself.
      if (envVariable !== 'FRAMEWORK') expect(used).toMatch(new RegExp(`(\\{\\{(env\\.)?|\\$\\{?)${envVariable}\\b`))
    }
  })

  it('has a script that its shell can read', () => {
    const { entry, install } = egg.script
    const { status, stderr } = spawnSync(entry ?? 'sh', ['-n'], { input: install ?? '', encoding: 'utf8' })
    expect([status, stderr]).toEqual([0, ''])
    expect(install).not.toContain('\r')
  })
})

describe('the shell demo', () => {
  it('installs, says that it is ready, answers, and stops', async () => {
    const { script, startup, config } = read('shell-demo.yaml')
    const folder = mkdtempSync(join(tmpdir(), 'egg-'))
    try {
      writeFileSync(join(folder, 'install.sh'), (script.install ?? '').replaceAll('/mnt/server', folder))
      expect(spawnSync('sh', [join(folder, 'install.sh')], { encoding: 'utf8' })).toMatchObject({
        status: 0,
        stdout: 'Done\n',
        stderr: '',
      })

      const game = spawn('sh', ['-c', `exec ${startup}`], {
        cwd: folder,
        env: { PATH: process.env.PATH, DEMO_NAME: 'Ada', SERVER_PORT: '7000' },
      })
      let printed = ''
      game.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()))
      game.stdin.write('hello\nhow are you\nuptime\nfiles\n')
      game.stdin.write(`${config.stop}\n`)
      const code = await new Promise((resolve) => game.on('exit', resolve))
      expect(code).toBe(0)
      expect(printed).toContain('Demo of Ada on port 7000')
      expect(printed).toContain((JSON.parse(config.startup ?? '') as { done: string }).done)
      expect(printed).toContain('Hello Ada\nYou said: how are you\nRunning for ')
      expect(printed).toContain('file installed.txt')
      expect(printed.trim().endsWith('Demo stops')).toBe(true)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
