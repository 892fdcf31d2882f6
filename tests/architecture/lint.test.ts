import { existsSync } from 'node:fs'
import { expect, it } from 'vitest'
import { runTool } from '../support/tools'

// The rules that know types (no floating promises, exhaustive switches) need a program of its own.
const knowsTypes = existsSync('node_modules/.bin/tsgolint')

it('breaks no rule of the linter', async () => {
  const { code, output } = await runTool('oxlint', ['--format=unix', ...(knowsTypes ? ['--type-aware'] : [])])

  expect(code, output).toBe(0)
})
