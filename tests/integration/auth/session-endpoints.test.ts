import { eq } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { throttles, users } from '#server/database/schema'
import { issueToken } from '#server/services/account/issue-token'
import { request, type Loose } from '../../support/api'
import { makeUser } from '../../support/factories'
import { codeOf } from '../../support/one-time-codes'
import { changeSettings } from '../../support/settings'

const PASSWORD = 'correct horse battery'

beforeEach(() => useDrizzle().delete(throttles))

/** An app on a phone: it keeps cookies, sends the token as a header, and no Origin. */
function phone() {
  const jar = new Map<string, string>()
  return {
    jar,
    async send(signature: string, body?: unknown, { withToken = true } = {}) {
      const reply = await request(signature, {
        body,
        headers: {
          accept: 'application/json',
          cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
          ...(withToken && jar.has('XSRF-TOKEN') && { 'x-xsrf-token': jar.get('XSRF-TOKEN') }),
        },
      })
      for (const line of reply.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
        jar.set(name, value)
      }
      return reply
    },
  }
}

const linkOf = (userId: string) => issueToken(useDrizzle(), { purpose: 'password.reset', userId, minutes: 60 })

const detail = (reply: { body: Loose }) => reply.body.errors[0].detail as string

describe('an app that keeps cookies', () => {
  it('signs in, writes with its token and no other, and signs out', async () => {
    const user = await makeUser({ username: 'phone' }, { password: PASSWORD })
    const app = phone()
    expect(await app.send('GET /sanctum/csrf-cookie')).toMatchObject({ status: 204, body: undefined })
    expect(app.jar.get('XSRF-TOKEN')).toBeTruthy()

    const signedIn = await app.send('POST /auth/login', {
      user: 'phone',
      password: PASSWORD,
      'g-recaptcha-response': 'from a widget',
    })
    expect(signedIn).toMatchObject({ status: 200 })
    expect(signedIn.body).toEqual({
      data: {
        complete: true,
        intended: '/',
        user: {
          uuid: user.uuid,
          username: 'phone',
          email: user.email,
          name_first: 'Ada',
          name_last: 'Lovelace',
          root_admin: false,
          use_totp: false,
          language: 'en',
        },
      },
    })

    const key = { description: 'phone', allowed_ips: [] }
    expect((await app.send('POST /api/client/account/api-keys', key)).status).toBe(200)
    const without = await app.send('POST /api/client/account/api-keys', key, { withToken: false })
    expect(without).toMatchObject({
      status: 419,
      body: { errors: [{ code: 'HttpException', status: '419', detail: 'CSRF token mismatch.' }] },
    })
    expect(await app.send('POST /auth/logout')).toMatchObject({ status: 204, body: undefined })
    expect((await app.send('GET /api/client/account')).status).toBe(401)
  })

  it('is asked for a second factor, and says of each thing what was wrong with it', async () => {
    const user = await makeUser({ username: 'factor' }, { password: PASSWORD })
    const app = phone()
    await app.send('GET /sanctum/csrf-cookie')
    await app.send('POST /auth/login', { user: 'factor', password: PASSWORD })
    const { secret } = (await app.send('GET /api/client/account/two-factor')).body.data
    const made = await app.send('POST /api/client/account/two-factor', {
      code: await codeOf(secret),
      password: PASSWORD,
    })
    const [recovery] = made.body.attributes.tokens
    await app.send('POST /auth/logout')

    const first = await app.send('POST /auth/login', { user: user.email, password: PASSWORD })
    expect(first.body).toEqual({
      data: { complete: false, confirmation_token: expect.stringMatching(/^[\w-]{64}$/) },
    })
    const { confirmation_token } = first.body.data
    const checkpoint = (body: object) => app.send('POST /auth/login/checkpoint', { confirmation_token, ...body })
    expect(detail(await checkpoint({ authentication_code: '000000' }))).toBe(
      'The two-factor authentication token was invalid.',
    )
    expect(detail(await checkpoint({ recovery_token: 'aaaaaaaaaa' }))).toBe('The recovery token provided is not valid.')
    const expired = await app.send('POST /auth/login/checkpoint', {
      confirmation_token: 'x'.repeat(64),
      authentication_code: '000000',
    })
    expect(expired).toMatchObject({
      status: 400,
      body: {
        errors: [
          {
            code: 'DisplayException',
            detail: 'The authentication token provided has expired, please refresh the page and try again.',
          },
        ],
      },
    })
    expect(await checkpoint({ recovery_token: recovery })).toMatchObject({
      status: 200,
      body: { data: { complete: true, user: { use_totp: true } } },
    })
  })

  it('is locked out after five failures, in the form of a refused field', async () => {
    await makeUser({ username: 'locked' }, { password: PASSWORD })
    const app = phone()
    for (let tries = 0; tries < 5; tries++) {
      const reply = await app.send('POST /auth/login', { user: 'locked', password: 'wrong' })
      expect(detail(reply)).toBe('No account matching those credentials could be found.')
    }
    const locked = await app.send('POST /auth/login', { user: 'locked', password: PASSWORD })
    expect(locked.status).toBe(429)
    expect(locked.body.errors).toEqual([
      {
        code: 'ValidationException',
        status: '422',
        detail: expect.stringMatching(/^Too many login attempts\. Please try again in \d+ seconds\.$/),
        meta: expect.objectContaining({ source_field: 'email' }),
      },
    ])
    expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(0)
  })

  it('is told that a captcha was not solved', async () => {
    await changeSettings({ 'signIn.captcha': 'always' })
    const reply = await phone().send('POST /auth/login', {
      user: 'a',
      password: 'b',
      'g-recaptcha-response': 'nonsense',
    })
    await changeSettings({ 'signIn.captcha': 'off' })
    expect(reply).toMatchObject({
      status: 400,
      body: { errors: [{ code: 'DisplayException', detail: 'Failed to validate reCAPTCHA data.' }] },
    })
  })
})

describe('a forgotten password', () => {
  it('is answered alike, whoever has the address', async () => {
    const { email } = await makeUser({}, { password: PASSWORD })
    const [known, unknown] = [
      await phone().send('POST /auth/password', { email }),
      await phone().send('POST /auth/password', { email: 'nobody@example.test' }),
    ]
    expect(known).toMatchObject({ status: 200, body: { status: expect.any(String) } })
    expect(unknown.body).toEqual(known.body)
  })

  it('is replaced by a link, and the wrong link or address is named', async () => {
    const user = await makeUser({}, { password: PASSWORD })
    const token = await linkOf(user.id)
    const body = { token, email: user.email, password: 'a new password', password_confirmation: 'a new password' }
    const send = (more: object) => phone().send('POST /auth/password/reset', { ...body, ...more })
    expect(detail(await send({ token: 'wrong' }))).toBe('This password reset token is invalid.')
    expect(detail(await send({ email: 'other@example.test' }))).toBe("We can't find a user with that e-mail address.")
    expect((await send({ password: 'short', password_confirmation: 'short' })).status).toBe(422)
    expect(await send({})).toMatchObject({
      status: 200,
      body: { success: true, redirect_to: '/', send_to_login: false },
    })
    expect(detail(await send({}))).toBe('This password reset token is invalid.')
  })

  it('sends whoever has a second factor to the sign-in', async () => {
    const user = await makeUser({ useTotp: true }, { password: PASSWORD })
    const password = 'a new password'
    expect(
      await phone().send('POST /auth/password/reset', {
        token: await linkOf(user.id),
        email: user.email,
        password,
        password_confirmation: password,
      }),
    ).toMatchObject({ status: 200, body: { success: true, redirect_to: '/', send_to_login: true } })
    const [row] = await useDrizzle().select().from(users).where(eq(users.id, user.id))
    expect(row?.useTotp).toBe(true)
  })
})
