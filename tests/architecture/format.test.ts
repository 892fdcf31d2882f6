import { expect, it } from 'vitest'
import { runTool } from '../support/tools'

it('is formatted by oxfmt', async () => {
  const { code, output } = await runTool('oxfmt', ['--list-different'])

  expect(code, `npm run format changes:\n${output}`).toBe(0)
})
