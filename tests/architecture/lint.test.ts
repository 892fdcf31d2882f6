import { expect, it } from 'vitest'
import { runTool } from '../support/tools'

it('breaks no rule of the linter', async () => {
  const { code, output } = await runTool('oxlint', ['--format=unix', '--type-aware'])

  expect(code, output).toBe(0)
})
