import { createServer, type AddressInfo, type Socket } from 'node:net'
import { eq, like, or } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { mails } from '#server/database/schema'
import { pruneActivity } from '#server/services/activity/prune-activity'
import { deliverMail } from '#server/services/mail/deliver-mail'
import { sendTestMail } from '#server/services/mail/send-test-mail'
import { createUser } from '#server/services/users/create-user'
import { SYSTEM } from '#server/auth/actor'
import { request, signedInAs } from '../support/api'
import { makeRootAdmin } from '../support/factories'
import { changeSettings } from '../support/settings'

/** A mail server that takes everything but what is meant for `refused@…`. */
const taken: string[] = []
const server = createServer((socket: Socket) => {
  let isData = false
  let text = ''
  socket.write('220 mail.test\r\n')
  socket.on('error', () => {})
  socket.on('data', (chunk) => {
    text += String(chunk)
    if (isData) {
      if (!text.endsWith('\r\n.\r\n')) return
      taken.push(text)
      ;[text, isData] = ['', false]
      return void socket.write('250 taken\r\n')
    }
    for (const line of text.split('\r\n').slice(0, -1)) {
      if (line.startsWith('RCPT') && line.includes('refused@')) socket.write('550 5.1.1 no such mailbox here\r\n')
      else if (line.startsWith('DATA')) {
        isData = true
        socket.write('354 go on\r\n')
      } else if (line.startsWith('QUIT')) socket.end('221 bye\r\n')
      else socket.write('250 mail.test\r\n')
    }
    text = ''
  })
})

vi.hoisted(() => {
  process.env.MAIL_FROM = 'Kestrel <panel@kestrel.test>'
})
beforeAll(async () => {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  process.env.SMTP_URL = `smtp://127.0.0.1:${(server.address() as AddressInfo).port}?encryption=none`
})
afterAll(() => {
  server.close()
  delete process.env.SMTP_URL
  delete process.env.MAIL_FROM
})

describe('a mail server of the environment', () => {
  it('is sent what waits in the outbox, from its sender', async () => {
    const { user, setupUrl } = await createUser({
      actor: SYSTEM,
      username: 'grace',
      email: 'grace@example.test',
      nameFirst: 'Grace',
    } as never)
    expect(setupUrl).toBeNull()
    const [mail] = await useDrizzle().select().from(mails).where(eq(mails.userId, user.id))
    await deliverMail({ mailId: mail!.id })
    expect(taken.at(-1)).toMatch(/From: Kestrel <panel@kestrel\.test>[^]*To: grace@example\.test/)
    expect((await useDrizzle().select().from(mails).where(eq(mails.id, mail!.id)))[0]).toMatchObject({ status: 'sent' })
  })

  it('is tested at once, and what it says against it is the error', async () => {
    await sendTestMail({ to: 'marta@example.test' })
    expect(taken.at(-1)).toContain('To: marta@example.test')
    await expect(sendTestMail({ to: 'refused@example.test' })).rejects.toThrow('550 5.1.1 no such mailbox here')
  })
})

describe('POST /api/application/settings/mail/test', () => {
  const PATH = '/api/application/settings/mail/test'

  it('sends one mail at once, to who asks for it or to somebody else', async () => {
    const user = await makeRootAdmin()
    const as = await signedInAs(user)
    const own = await request(`POST ${PATH}`, { as, body: {} })
    expect([own.status, own.body.attributes]).toMatchObject([200, { ok: true, to: user.email, error: null }])
    expect(taken.at(-1)).toContain(`To: ${user.email}`)
    await request(`POST ${PATH}`, { as, body: { to: 'grace@example.test' } })
    expect(taken.at(-1)).toContain('To: grace@example.test')
  })

  it('says what the mail server says', async () => {
    const as = await signedInAs(await makeRootAdmin())
    const { status, body } = await request(`POST ${PATH}`, { as, body: { to: 'refused@example.test' } })
    expect([status, body.attributes.ok]).toEqual([200, false])
    expect(body.attributes.error).toContain('550 5.1.1 no such mailbox here')
  })

  it('refuses what is no address, and a second recipient', async () => {
    const as = await signedInAs(await makeRootAdmin())
    const count = taken.length
    for (const to of ['nobody', 'a@example.test, b@example.test', 'a@example.test\r\nBcc: b@example.test']) {
      const { status, body } = await request(`POST ${PATH}`, { as, body: { to } })
      expect([status, body.errors[0].meta.source_field]).toEqual([422, 'to'])
    }
    expect(taken).toHaveLength(count)
  })

  it('sec-13 takes it from no page of somebody else, and from no link', async () => {
    const as = await signedInAs(await makeRootAdmin())
    const count = taken.length
    const elsewhere = { headers: { ...as.headers, origin: 'https://evil.example' } }
    const { origin: _origin, ...withoutOrigin } = as.headers
    expect((await request(`POST ${PATH}`, { as: elsewhere, body: {} })).status).toBe(419)
    expect((await request(`POST ${PATH}`, { as: { headers: withoutOrigin }, body: {} })).status).toBe(419)
    expect([404, 405]).toContain((await request(`GET ${PATH}`, { as })).status)
    expect(taken).toHaveLength(count)
  })
})

describe('mails that are switched off', () => {
  it('are not even kept, and links to sign in with always are', async () => {
    await changeSettings({ 'notifications.accountCreated': false })
    const make = (name: string, password?: string) =>
      createUser({ actor: SYSTEM, username: name, email: `${name}@example.test`, password } as never)
    const { user: told } = await make('untold', 'long enough 9')
    const { user: invited } = await make('invited')
    expect(await useDrizzle().$count(mails, eq(mails.userId, told.id))).toBe(0)
    expect(await useDrizzle().$count(mails, eq(mails.userId, invited.id))).toBe(1)
    await changeSettings({ 'notifications.accountCreated': true })
    const { user: toldAgain } = await make('told-again', 'long enough 9')
    expect(await useDrizzle().$count(mails, eq(mails.userId, toldAgain.id))).toBe(1)
  })
})

describe('the outbox', () => {
  it('forgets after 90 days what waits no longer', async () => {
    const keep = (recipient: string, status: 'waiting' | 'sent' | 'failed' | 'withheld', days: number) =>
      useDrizzle()
        .insert(mails)
        .values({
          recipient,
          status,
          template: 'panel.test',
          locale: 'en',
          createdAt: new Date(Date.now() - days * 86_400_000).toISOString(),
        })
    await keep('sent@old.test', 'sent', 91)
    await keep('failed@old.test', 'failed', 91)
    await keep('withheld@old.test', 'withheld', 91)
    await keep('waiting@old.test', 'waiting', 91)
    await keep('sent@young.test', 'sent', 89)

    await pruneActivity()

    const left = await useDrizzle()
      .select({ recipient: mails.recipient })
      .from(mails)
      .where(or(like(mails.recipient, '%@old.test'), like(mails.recipient, '%@young.test')))
      .orderBy(mails.recipient)
    expect(left.map(({ recipient }) => recipient)).toEqual(['sent@young.test', 'waiting@old.test'])
  })
})
