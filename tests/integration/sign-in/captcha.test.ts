import { createChallenge, type Challenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/sha'
import { afterEach, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { throttles } from '#server/database/schema'
import { request } from '../../support/api'
import { openBrowser } from '../../support/browser'
import { solvedCaptcha } from '../../support/captcha'
import { makeUser } from '../../support/factories'
import { changeSettings } from '../../support/settings'

const PASSWORD = 'correct horse battery'

afterEach(async () => {
  await changeSettings({ 'signIn.captcha': 'off' })
  await useDrizzle().delete(throttles)
})

const signIn = async (user: string, password: string, captcha?: string, from?: string) =>
  (await openBrowser({ from })).send('POST /auth/login', { user, password, captcha })
const reasonOf = ({ status, body }: Awaited<ReturnType<typeof signIn>>) => [status, body?.errors?.[0]?.meta?.reason]
const REQUIRED = [400, 'captcha.required']
const INVALID = [400, 'captcha.invalid']

describe('the captcha at the sign-in', () => {
  it('is off unless somebody switches it on', async () => {
    const user = await makeUser({}, { password: PASSWORD })
    expect((await signIn(user.username, PASSWORD)).status).toBe(200)
  })

  it('is asked of everybody, before a password is looked at', async () => {
    await changeSettings({ 'signIn.captcha': 'always' })
    const user = await makeUser({}, { password: PASSWORD })
    for (const name of [user.username, 'nobody-here']) expect(reasonOf(await signIn(name, PASSWORD))).toEqual(REQUIRED)
    expect((await signIn(user.username, PASSWORD, await solvedCaptcha())).status).toBe(200)
    expect(await useDrizzle().$count(throttles)).toBeGreaterThan(0)
  })

  it('is asked after three wrong passwords from one network, whoever was meant, and of nobody elsewhere', async () => {
    await changeSettings({ 'signIn.captcha': 'after_failures' })
    const user = await makeUser({}, { password: PASSWORD })
    const from = '2001:db8:7:7::1'
    expect((await signIn(user.username, PASSWORD, undefined, from)).status).toBe(200)
    for (const name of [user.username, 'nobody-here', 'nobody-else'])
      expect(reasonOf(await signIn(name, 'wrong', undefined, from))).toEqual([400, 'sign_in.no_match'])
    expect(reasonOf(await signIn(user.username, PASSWORD, undefined, '2001:db8:7:7::2'))).toEqual(REQUIRED)
    expect((await signIn(user.username, PASSWORD, await solvedCaptcha(), from)).status).toBe(200)
    expect((await signIn(user.username, PASSWORD, undefined, '2001:db8:7:8::1')).status).toBe(200)
  })

  it('is asked in forms whenever it is on', async () => {
    const ask = async (captcha?: string) =>
      (await openBrowser()).send('POST /auth/password', { email: 'ada@example.test', captcha })
    expect((await ask()).status).toBe(200)
    await changeSettings({ 'signIn.captcha': 'after_failures' })
    expect(reasonOf(await ask())).toEqual(REQUIRED)
    expect((await ask(await solvedCaptcha())).status).toBe(200)
  })
})

describe('a solution', () => {
  const ask = async (captcha: string) =>
    (await openBrowser()).send('POST /auth/login', { user: 'x', password: 'y', captcha })

  it('sec-45: counts once, however many bring it at the same moment', async () => {
    await changeSettings({ 'signIn.captcha': 'always' })
    const captcha = await solvedCaptcha()
    const replies = await Promise.all(Array.from({ length: 20 }, () => ask(captcha)))
    expect(replies.map((reply) => reasonOf(reply)[1]).filter((reason) => reason !== 'captcha.invalid')).toEqual([
      'sign_in.no_match',
    ])
  })

  it('is refused when it was not worked for', async () => {
    await changeSettings({ 'signIn.captcha': 'always' })
    const { body } = await request('GET /auth/captcha')
    const challenge = body as Challenge
    const own = { algorithm: 'SHA-256', cost: 1, counter: 1, deriveKey } as const
    const easy = await createChallenge({ ...own, hmacSignatureSecret: 'guess', hmacKeySignatureSecret: 'guess' })
    const weaker = { ...challenge, parameters: { ...challenge.parameters, cost: 1 } }
    const later = { ...challenge, parameters: { ...challenge.parameters, expiresAt: 9_999_999_999 } }
    const solution = { counter: 1, derivedKey: 'ab'.repeat(32) }
    for (const given of [
      ...[challenge, easy, weaker, later].map((one) => ({ challenge: one, solution })),
      { challenge, solution: { counter: -1, derivedKey: 'zz' } },
      { challenge: { parameters: {}, signature: 'x' }, solution },
      { challenge: null },
      [],
      'text',
    ])
      expect(reasonOf(await ask(JSON.stringify(given)))).toEqual(INVALID)
    expect(reasonOf(await ask('{'))).toEqual(INVALID)
  })

  it('is refused when its time is over', async () => {
    await changeSettings({ 'signIn.captcha': 'always' })
    const { captchaSecrets } = await import('#server/services/captcha/create-challenge')
    const old = await createChallenge({
      algorithm: 'SHA-256',
      cost: 1,
      counter: 1,
      deriveKey,
      expiresAt: Math.floor(Date.now() / 1000) - 1,
      ...captchaSecrets(),
    })
    const { solveChallenge } = await import('altcha-lib')
    const solution = await solveChallenge({ challenge: old, deriveKey })
    expect(reasonOf(await ask(JSON.stringify({ challenge: old, solution })))).toEqual(INVALID)
  })
})
