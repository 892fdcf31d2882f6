import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sources } from '../support/tools'

/** Started by Node itself, without a build: types are stripped, nothing else is done for them. */
const ENTRIES = [
  ...sources('scripts/*.ts', 'bench/**/*.ts', 'simulator/**/*.ts'),
  'server/database/embedded.ts',
  'server/database/migrate.ts',
]
/** What these load of the panel may be named without its ending: `bin/whole-names.ts` finds it. */
const COMMANDS = sources('bin/**/*.ts')

describe('what runs without a build', () => {
  it('names the files it loads by their whole name', () => {
    expect(reach(ENTRIES).unfinished).toEqual([])
  })

  it('names the files of the command line by their whole name', () => {
    const named = COMMANDS.flatMap((file) => specifiersOf(readFileSync(file, 'utf8')))

    expect(named.filter((specifier) => specifier.startsWith('.') && !specifier.endsWith('.ts'))).toEqual([])
  })

  it('loads only files that exist', () => {
    expect(reach([...ENTRIES, ...COMMANDS]).missing).toEqual([])
  })
})

interface Reached {
  unfinished: string[]
  missing: string[]
}

function reach(entries: string[]): Reached {
  const seen = new Set<string>()
  const unfinished: string[] = []
  const missing: string[] = []

  const visit = (file: string) => {
    if (seen.has(file)) {
      return
    }
    seen.add(file)

    for (const specifier of specifiersOf(readFileSync(file, 'utf8'))) {
      const path = specifier.startsWith('#') ? `${specifier.slice(1)}.ts` : join(dirname(file), specifier)
      if (!/\.\w+$/.test(specifier) && specifier.startsWith('.')) {
        unfinished.push(`${file}: ${specifier}`)
      }
      const found = [path, `${path}.ts`, join(path, 'index.ts')].find(
        (candidate) => existsSync(candidate) && statSync(candidate).isFile(),
      )
      if (!found) {
        missing.push(`${file}: ${specifier}`)
      } else if (found.endsWith('.ts')) {
        visit(found)
      }
    }
  }
  entries.forEach(visit)

  return { unfinished, missing }
}

/** Of ours only. Type imports are stripped before Node sees them. */
const specifiersOf = (text: string): string[] =>
  [
    ...text.matchAll(
      /^(?!import type|export type)(?:import|export)\b[^'"`;]*?from '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm,
    ),
  ]
    .map(([, from, bare, dynamic]) => from ?? bare ?? dynamic ?? '')
    .filter((specifier) => /^[.#]/.test(specifier))
