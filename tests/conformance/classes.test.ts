import { globSync, readFileSync } from 'node:fs'
import * as pterojs from '@devnote-dev/pterojs'
import { expect, it } from 'vitest'

/** Errors and functions, which have no members. */
const WITHOUT_MEMBERS = ['PteroAPIError', 'RequestError', 'ValidationError', 'WebSocketError', 'buildQuery', 'escape']

it('drives every class that PteroJS exports', () => {
  const tests = globSync('tests/conformance/pterojs-*.test.ts').map((file) => readFileSync(file, 'utf8'))
  const listed = new Set(
    tests.flatMap((text) => /(?:driverOf\(|const classes = )\{([^}]*)\}/.exec(text)?.[1]?.match(/\w+/g) ?? []),
  )
  const exported = Object.entries(pterojs)
    .filter(([name, one]) => typeof one === 'function' && !WITHOUT_MEMBERS.includes(name))
    .map(([name]) => name)
  expect([...listed].sort()).toEqual(exported.sort())
})
