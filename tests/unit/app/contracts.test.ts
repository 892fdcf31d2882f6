import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { lightened } from '../../../modules/contracts'

const FILES = globSync('shared/contracts/**/*.ts').filter((file) => !file.endsWith('/endpoint.ts'))

describe('what the browser loads of a contract', () => {
  it('keeps method and path, and what needs no validator', () => {
    const light = lightened(
      `import { z } from 'zod'
import { endpoint } from '../endpoint'
import { page } from '../envelope'

export const NAME_MAX = 191
export const KINDS = ['a', 'b'] as const
const shape = { name: z.string().max(NAME_MAX) }
export const body = z.object(shape)
export type Body = z.output<typeof body>
export const isKind = (given: string) => (KINDS as readonly string[]).includes(given)
export function parsed(given: unknown) { return body.parse(given) }
export const things = {
  list: endpoint('GET /api/things', { query: z.object({}), reply: page(body) }),
  remove: endpoint('DELETE /api/things/:thing', {}),
}
`,
      'things.ts',
    )
    expect(light).toContain("list: endpoint('GET /api/things'),")
    expect(light).toContain("remove: endpoint('DELETE /api/things/:thing'),")
    expect(light).toContain('export const NAME_MAX = 191')
    expect(light).toContain('export const isKind')
    expect(light).toContain("export { body, parsed } from './things.ts?schemas'")
    expect(light).not.toMatch(/\bz\.|shape|page\(/)
  })

  it.each(FILES)('%s needs no schema', (file) => {
    const code = readFileSync(file, 'utf8')
    const light = lightened(code, file)
    const endpoints = (text: string) => text.match(/endpoint\(\s*'[A-Z]+ /g)?.length ?? 0
    expect(light.replaceAll(/^import .*$/gm, '').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')).not.toMatch(/\bz\.\w+\(/)
    expect(endpoints(light)).toBe(endpoints(code))
  })
})
