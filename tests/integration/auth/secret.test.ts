import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { environment, readEnvironment, useEnv } from '#server/env'
import { makeRootAdmin } from '../../support/factories'
import { request, signedInAs } from '../../support/api'

/** What guides, examples and the library itself print. */
const KNOWN = [
  'better-auth-secret-12345678901234567890',
  'change-me-change-me-change-me-change-me',
  'changethischangethischangethischangethis',
  'your-secret-key-your-secret-key-your-secret',
  'supersecretsupersecretsupersecretsupersecret',
  'please-use-a-placeholder-secret-instead-0123',
  'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  'abababababababababababababababababababab',
]

const withSecret = (APP_SECRET?: string) => () =>
  readEnvironment(environment, { DATABASE_URL: 'postgres://panel@127.0.0.1/panel', APP_SECRET })

describe('sec-48: the secret', () => {
  it.each([undefined, '', 'short', 'k'.repeat(31), ...KNOWN])('is not %s', (secret) => {
    expect(withSecret(secret)).toThrow(/APP_SECRET/)
  })

  it('may be one that nobody knows', () => {
    expect(withSecret('f3a9d1c07b5e48626f3a9d1c07b5e486')).not.toThrow()
  })

  it('has no fallback: a cookie signed with another one opens nothing', async () => {
    const { token, headers } = await signedInAs(await makeRootAdmin())
    expect((await request('GET /api/client/account', { as: { headers } })).status).toBe(200)
    for (const secret of ['', 'better-auth-secret-12345678901234567890', useEnv().APP_SECRET.slice(1), ...KNOWN]) {
      const signature = createHmac('sha256', secret).update(token).digest('base64')
      const cookie = `panel.session_token=${encodeURIComponent(`${token}.${signature}`)}`
      expect((await request('GET /api/client/account', { as: { headers: { ...headers, cookie } } })).status).toBe(401)
    }
    for (const cookie of [`panel.session_token=${token}`, `panel.session_token=${token}.`, 'panel.session_token=.x']) {
      expect((await request('GET /api/client/account', { as: { headers: { ...headers, cookie } } })).status).toBe(401)
    }
  })
})
