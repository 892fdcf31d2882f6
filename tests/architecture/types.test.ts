import { expect, it } from 'vitest'
import { runTool } from '../support/tools'

it('has no type error, in the tests neither', async () => {
  const { code, output } = await runTool('vue-tsc', ['-b', '--noEmit'])

  expect(output).toBe('')
  expect(code).toBe(0)
})
