import { request as send } from 'node:http'
import { describe, expect, it } from 'vitest'
import { useAuth } from '#server/auth/auth'
import { makeUser } from '../../support/factories'
import { request, signedInAs } from '../../support/api'
import { routesUrl } from '../../support/routes'

/** Judged. Its handler is not mounted: what people do of it are routes of ours. */
const CLOSED = [
  '/callback/:id',
  '/account-info',
  '/change-email',
  '/change-password',
  '/delete-user',
  '/delete-user/callback',
  '/error',
  '/get-access-token',
  '/get-session',
  '/is-username-available',
  '/link-social',
  '/list-accounts',
  '/list-sessions',
  '/ok',
  '/refresh-token',
  '/request-password-reset',
  '/reset-password',
  '/reset-password/:token',
  '/revoke-other-sessions',
  '/revoke-session',
  '/revoke-sessions',
  '/send-verification-email',
  '/sign-in/email',
  '/sign-in/social',
  '/sign-in/username',
  '/sign-out',
  '/sign-up/email',
  '/unlink-account',
  '/update-session',
  '/update-user',
  '/verify-email',
  '/verify-password',
  '/admin/ban-user',
  '/admin/create-user',
  '/admin/get-user',
  '/admin/has-permission',
  '/admin/impersonate-user',
  '/admin/list-user-sessions',
  '/admin/list-users',
  '/admin/remove-user',
  '/admin/revoke-user-session',
  '/admin/revoke-user-sessions',
  '/admin/set-role',
  '/admin/set-user-password',
  '/admin/stop-impersonating',
  '/admin/unban-user',
  '/admin/update-user',
  '/two-factor/disable',
  '/two-factor/enable',
  '/two-factor/generate-backup-codes',
  '/two-factor/get-totp-uri',
  '/two-factor/send-otp',
  '/two-factor/verify-backup-code',
  '/two-factor/verify-otp',
  '/two-factor/verify-totp',
]

describe('what better-auth answers by itself', () => {
  it('has no path that nobody judged', () => {
    const paths = Object.values(useAuth('http://panel.test').api).flatMap(
      (endpoint) => (endpoint as { path?: string }).path ?? [],
    )
    expect([...new Set(paths)].sort()).toEqual([...CLOSED].sort())
  })

  it.each(CLOSED)("%s is nobody's, signed in or not", async (path) => {
    const as = await signedInAs(await makeUser({ role: 'admin', rootAdmin: true }))
    for (const method of ['GET', 'POST']) {
      for (const caller of [undefined, as]) {
        const reply = await request(`${method} /api/auth${path.replace(/:\w+/, 'x')}`, {
          as: caller,
          body: method === 'POST' ? {} : undefined,
        })
        expect(reply).toMatchObject({ status: 404, body: { errors: [{ code: 'NotFoundHttpException' }] } })
      }
    }
  })

  it.each([
    '//sign-up/email',
    '/./sign-up/email',
    '/%73ign-up/email',
    '/sign-up%2femail',
    '/SIGN-UP/email',
    '/sign-up/email/',
    '/sign-up/email;x',
    '/callback/../sign-up/email',
    '/callback/%2e%2e/sign-up/email',
    '/callback/x%2f..%2f..%2fsign-up/email',
    '/passkey/../sign-up/email',
  ])('sec-40: %s opens nothing', async (path) => {
    expect(
      await statusOf(
        `/api/auth${path}`,
        JSON.stringify({ email: 'new@example.test', password: 'correct horse', name: 'New' }),
      ),
    ).toBe(404)
  })

  it.each(['/api-key/create', '/api-key/update'])('sec-38: %s is not there', async (path) => {
    const reply = await request(`POST /api/auth${path}`, { body: { userId: '1', permissions: {}, rateLimitMax: 1 } })
    expect(reply.status).toBe(404)
  })

  it('sec-44: nobody renames or deletes a passkey past our routes', async () => {
    const as = await signedInAs(await makeUser())
    for (const act of ['delete', 'update']) {
      const reply = await request(`POST /api/auth/passkey/${act}-passkey`, { as, body: { id: 'x', name: 'x' } })
      expect(reply.status).toBe(404)
    }
  })

  it('sec-47: a forged cookie of several sessions ends none', async () => {
    const as = await signedInAs(await makeUser())
    const cookie = `${as.headers.cookie}; panel.session_token_multi-x=${as.token}.forged`
    await request('POST /api/auth/sign-out', { as, headers: { cookie } })
    expect((await request('GET /api/client/account', { as })).status).toBe(200)
  })
})

/** As written: fetch would fold the path before it is sent. */
async function statusOf(path: string, body: string): Promise<number | undefined> {
  const { hostname, port } = new URL(await routesUrl())
  return new Promise((resolve, reject) => {
    const asked = send(
      { hostname, port, path, method: 'POST', headers: { 'content-type': 'application/json' } },
      (reply) => {
        reply.resume()
        resolve(reply.statusCode)
      },
    )
    asked.on('error', reject).end(body)
  })
}
