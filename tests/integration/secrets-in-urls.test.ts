import { describe, expect, it } from 'vitest'
import { routeFiles, signatureOf } from '../support/routes'

const SECRET = /password|secret|token|recovery|_code$|^code$/i

const JUDGED = new Set([
  // What a provider sends people back with: worth nothing without the cookie of that browser.
  'GET /auth/callback/:provider code',
  // As older clients of the API send it; `POST …/two-factor/disable` is what our own page asks.
  'DELETE /api/client/account/two-factor password',
])

const shapeOf = (schema: unknown): string[] =>
  Object.keys((schema as { shape?: Record<string, unknown> } | undefined)?.shape ?? {})

describe('sec-16 no secret travels in an address', () => {
  it.each(Object.entries(routeFiles))('%s', async (file, load) => {
    const { endpoint } = (await load()).default
    if (!endpoint) return
    const { method, path } = signatureOf(file)
    const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name)
    // Proxies write down addresses, and some the body of what deletes.
    const named = [
      ...inPath,
      ...shapeOf(endpoint.schemas.query),
      ...(method === 'GET' || method === 'DELETE' ? shapeOf(endpoint.schemas.body) : []),
    ]
    const secrets = named.filter((name) => SECRET.test(name) && !JUDGED.has(`${method} ${path} ${name}`))
    expect(secrets).toEqual([])
  })
})
