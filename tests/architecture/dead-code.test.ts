import { describe, expect, it } from 'vitest'
import { runTool } from '../support/tools'

describe('dead code', () => {
  it('has no file, export or package that nothing uses', async () => {
    const { code, output } = await runTool('knip', ['--no-config-hints'])

    expect(code, output).toBe(0)
  })

  it('has none that only a test uses', async () => {
    const { code, output } = await runTool('knip', ['--production', '--no-config-hints'])

    expect(code, output).toBe(0)
  })
})
