import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { environment, launchEnvironment, readEnvironment } from '#server/env'
import { sources } from '../support/tools'

const example = Object.fromEntries(
  readFileSync('.env.example', 'utf8')
    .split('\n')
    .filter((line) => /^[A-Z]/.test(line))
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
)

/** No settings: the first is replaced by the build, the second handed on to PostgreSQL's programs. */
const FOREIGN = ['NODE_ENV', 'PATH']

describe('.env.example', () => {
  it('has exactly the keys of the environment', () => {
    expect(Object.keys(example).toSorted()).toEqual(Object.keys(environment.shape).toSorted())
  })

  it('says the defaults', () => {
    expect(readEnvironment(launchEnvironment, example)).toEqual(readEnvironment(launchEnvironment, {}))
  })
})

it('is read in server/env.ts alone', () => {
  const readers = sources('server/**/*.ts', 'shared/**/*.ts', 'app/**/*.{ts,vue}')
    .filter((file) => !file.startsWith('server/env'))
    .flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/process\.env(?:\.(\w+))?/g)]
        .filter(([, key = '']) => !FOREIGN.includes(key))
        .map(([read]) => `${file}: ${read}`),
    )

  expect(readers).toEqual([])
})
