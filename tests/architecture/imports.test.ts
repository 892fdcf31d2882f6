import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { cruise, type ICruiseResult } from 'dependency-cruiser'
import extractConfiguration from 'dependency-cruiser/config-utl/extract-depcruise-config'
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config'
import { afterAll, describe, expect, it } from 'vitest'

const { options = {}, forbidden = [] } = await extractConfiguration('./.dependency-cruiser.js')

/** For each rule, one import that breaks it: the file, and what it loads. */
const PLANTED: Record<string, [file: string, loads: string]> = {
  'no-cycles': ['shared/one.ts', '../shared/two'],
  'app-is-a-client': ['app/pages/index.vue', '../../server/errors'],
  'shared-stands-alone': ['shared/form.ts', 'h3'],
  'routes-only-wire': ['server/api/client/index.get.ts', '../../database/client'],
  'routes-stand-alone': ['server/api/client/index.post.ts', '../other.get'],
  'services-know-no-http': ['server/services/backups/create-backup.ts', '../../http/reply'],
  'services-take-an-actor': ['server/services/servers/delete-server.ts', '../../auth/auth'],
  'policies-are-pure': ['server/policies/server-policy.ts', '../services/queries'],
  'serializers-translate': ['server/serializers/backup.ts', '../database/client'],
  'database-is-the-floor': ['server/database/seed.ts', '../services/queries'],
  'one-door-to-wings': ['server/jobs/tell.ts', '../wings/client'],
  'one-door-to-object-stores': ['server/jobs/tidy.ts', '../object-store/client'],
  'one-door-to-database-hosts': ['server/jobs/sweep.ts', '../database-engines/on-host'],
  'commands-call-services': ['bin/command.ts', '../server/wings/client'],
  'no-simulator-inside': ['server/plugins/demo.ts', '../../simulator/wings'],
}

describe('directions of imports', () => {
  it('are kept', async () => {
    const { output } = await cruise(
      ['app', 'server', 'shared', 'bin', 'simulator'].filter((folder) => existsSync(folder)),
      { ...options, ruleSet: { forbidden }, validate: true },
      {},
      { tsConfig: extractTSConfig('.nuxt/tsconfig.server.json') },
    )

    expect(violationsOf(output)).toEqual([])
  })

  describe('broken on purpose', () => {
    const folder = mkdtempSync(join(tmpdir(), 'xyra-imports-'))
    afterAll(() => rmSync(folder, { recursive: true }))

    it.each(forbidden.map(({ name = '' }) => name))('%s is noticed', async (name) => {
      const [file, loads] = PLANTED[name] ?? ['', '']
      const root = join(folder, name)
      const target = loads.startsWith('.') ? join(dirname(file), `${loads}.ts`) : `node_modules/${loads}/index.js`
      plant(
        root,
        file,
        file.endsWith('.vue') ? `<script setup lang="ts">\nimport '${loads}'\n</script>` : `import '${loads}'`,
      )
      plant(root, target, name === 'no-cycles' ? `import './one'` : 'export {}')
      plant(root, 'package.json', '{ "dependencies": { "h3": "*" } }')

      const { output } = await cruise([file], {
        ...options,
        tsConfig: undefined,
        baseDir: root,
        ruleSet: { forbidden },
        validate: true,
      } as never)

      expect(violationsOf(output).map((found) => found.split(': ')[0])).toContain(name)
    })
  })
})

function plant(root: string, file: string, text: string): void {
  mkdirSync(join(root, dirname(file)), { recursive: true })
  writeFileSync(join(root, file), text)
}

function violationsOf(output: string | ICruiseResult): string[] {
  const { summary } = output as ICruiseResult

  return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)
}
