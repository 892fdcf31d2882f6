import { and, desc, eq, sql } from 'drizzle-orm'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { auditEvents, settings } from '#server/database/schema'
import { useEnv } from '#server/env'
import { getSecretSetting, getSettings } from '#server/services/settings/current-settings'
import { mailServer } from '#server/services/mail/mail-server'
import { sendMail } from '#server/services/mail/send-mail'
import type { PanelSettings } from '#shared/contracts/application/settings'
import { request, signedInAs, type Caller } from '../../support/api'
import { makeAdministrator, makeRootAdmin } from '../../support/factories'
import { changeSettings } from '../../support/settings'

let root: Caller
beforeAll(async () => {
  root = await signedInAs(await makeRootAdmin({ username: 'marta' }))
})
beforeEach(async () => void (await useDrizzle().delete(auditEvents)))

const PATH = '/api/application/settings'
const read = async () => (await request(`GET ${PATH}`, { as: root })).body.attributes as PanelSettings
const patch = (body: object) => request(`PATCH ${PATH}`, { as: root, body })
const lastEvent = async () => {
  const [row] = await useDrizzle()
    .select()
    .from(auditEvents)
    .where(eq(auditEvents.action, 'admin:settings.update'))
    .orderBy(desc(auditEvents.id))
    .limit(1)
  return row && (JSON.parse(row.metadata ?? '{}') as Record<string, unknown>)
}

describe('GET and PATCH /api/application/settings', () => {
  it('reads defaults, and changes what is named', async () => {
    expect(await read()).toMatchObject({
      panel: { name: 'XyraPanel', locale: 'en' },
      sign_in: { two_factor_level: 0 },
      mail: { host: '', port: 587, from_address: '' },
      backups: { throttle_limit: 2 },
    })
    const { status, body } = await patch({ panel: { name: 'Kestrel' }, limits: { editor_mib: '8' } })
    expect([status, body.object]).toEqual([200, 'settings'])
    expect(body.attributes).toMatchObject({ panel: { name: 'Kestrel' }, limits: { editor_mib: 8 } })
    expect(await getSettings()).toMatchObject({ panel: { name: 'Kestrel' }, limits: { editorMib: 8 } })
    expect(await lastEvent()).toEqual({
      before: { 'panel.name': 'XyraPanel', 'limits.editorMib': 4 },
      after: { 'panel.name': 'Kestrel', 'limits.editorMib': 8 },
    })
  })

  it('tells nobody what the panel keeps to itself', async () => {
    await patch({ panel: { set_up_at: '2030-01-01', setUpAt: '2030-01-01' }, hashids: { salt: 'x' } })
    expect(Object.keys((await read()).panel)).not.toContain('set_up_at')
    const own = await useDrizzle().$count(settings, eq(settings.key, 'panel.setUpAt'))
    expect([own, await getSecretSetting('hashids.salt')]).toEqual([0, undefined])
  })

  it('writes nothing down where nothing changes', async () => {
    await patch({ panel: { zone: 'UTC' } })
    const count = await useDrizzle().$count(settings)
    const events = await useDrizzle().$count(auditEvents)
    const { status } = await patch({ panel: { zone: 'UTC' } })
    expect(status).toBe(200)
    expect([await useDrizzle().$count(settings), await useDrizzle().$count(auditEvents)]).toEqual([count, events])
  })

  it.each([
    [{ panel: { name: '' } }, 'panel.name', 'required'],
    [{ panel: { name: 'x'.repeat(61) } }, 'panel.name', 'max'],
    [{ panel: { address: 'panel.example.com' } }, 'panel.address', 'url'],
    [{ panel: { address: 'https://panel.example.com/path' } }, 'panel.address', 'url'],
    [{ panel: { zone: 'Mars/Olympus' } }, 'panel.zone', 'timezone'],
    [{ panel: { locale: 'xx' } }, 'panel.locale', 'in'],
    [{ sign_in: { two_factor_level: 3 } }, 'sign_in.two_factor_level', 'max'],
    [{ mail: { port: 70_000 } }, 'mail.port', 'max'],
    [{ mail: { host: 'a b' } }, 'mail.host', 'regex'],
    [{ mail: { from_address: 'nobody' } }, 'mail.from_address', 'email'],
    [{ mail: { from_name: 'A\r\nBcc: all@example.com' } }, 'mail.from_name', 'regex'],
    [{ mail: { host: 'mail.example.com' } }, 'mail.from_address', 'required'],
    [{ allocations: { range_start: 40_000, range_end: 40_000 } }, 'allocations.range_end', 'gt'],
    [{ allocations: { range_start: 32_767 } }, 'allocations.range_end', 'gt'],
    [{ allocations: { range_start: 1023 } }, 'allocations.range_start', 'min'],
    [{ limits: { client_per_minute: 'many' } }, 'limits.client_per_minute', 'numeric'],
    [{ secrets: { mail_password: 7 } }, 'secrets.mail_password', 'string'],
    [{ panel: 7 }, 'panel', 'array'],
  ])('%j is refused at %s, and nothing changes', async (body, field, rule) => {
    const before = await read()
    const { status, body: said } = await patch({ ...body, activity: { hides_administrators: true } })
    const [failure] = said.errors
    expect([status, failure.meta.source_field, failure.meta.rule]).toEqual([422, field, rule])
    expect(await read()).toEqual(before)
  })

  it('changes the address, and never to none', async () => {
    await patch({ panel: { address: 'https://panel.example.com' } })
    const { status, body } = await patch({ panel: { address: '' } })
    expect([status, body.errors[0].meta]).toMatchObject([422, { source_field: 'panel.address', rule: 'required' }])
    expect((await read()).panel.address).toBe('https://panel.example.com')
    await changeSettings({ 'panel.address': '' })
  })

  it('asks for a sender only who changes the mails', async () => {
    await changeSettings({ 'mail.host': 'mail.example.com', 'mail.fromAddress': '' })
    expect((await patch({ limits: { editor_mib: 6 } })).status).toBe(200)
    expect((await patch({ mail: { port: 466 } })).body.errors[0].meta.source_field).toBe('mail.from_address')
    await changeSettings({ 'mail.host': '' })
  })

  it.each([
    [{ panel: { address: 'https://elsewhere.example.com' } }],
    [{ mail: { host: 'elsewhere.example.com', from_address: 'panel@example.com' } }],
    [{ mail: { port: 2525 } }],
    [{ mail: { encryption: 'none' } }],
    [{ mail: { username: 'somebody' } }],
    [{ secrets: { mail_password: 'x' } }],
    [{ secrets: { mail_password: null } }],
  ])('keeps %j to root: it decides where links go that open his account', async (body) => {
    const settler = await signedInAs(await makeAdministrator({ settings: 3 }))
    const before = await read()
    const refused = await request(`PATCH ${PATH}`, { as: settler, body: { ...body, limits: { editor_mib: 9 } } })
    expect([refused.status, refused.body.errors[0].meta.reason]).toEqual([403, 'settings.root_only'])
    expect(await read()).toEqual(before)
  })

  it('lets every administrator of the settings change the rest, and say again what is so', async () => {
    const settler = await signedInAs(await makeAdministrator({ settings: 3 }))
    const { panel, mail } = await read()
    const body = { panel: { ...panel, name: 'Heron' }, mail: { port: mail.port, from_name: 'Heron' } }
    expect((await request(`PATCH ${PATH}`, { as: settler, body })).status).toBe(200)
  })

  it('lets two administrators change different things at once', async () => {
    await Promise.all([patch({ backups: { throttle_limit: 5 } }), patch({ backups: { throttle_seconds: 60 } })])
    expect((await read()).backups).toMatchObject({ throttle_limit: 5, throttle_seconds: 60 })
  })

  it('takes a stored value that its setting does not know for none', async () => {
    await useDrizzle()
      .insert(settings)
      .values({ key: 'limits.applicationPerMinute', value: '"many"' })
      .onConflictDoNothing()
    expect((await read()).limits.application_per_minute).toBe(240)
  })
})

describe('secrets', () => {
  it('sec-33 are written and never read: only when they were set, not in the audit either', async () => {
    const { body } = await patch({ secrets: { mail_password: ' canary-smtp ' } })
    expect(body.attributes.secrets.mail_password).toMatchObject({ is_set: true, set_at: expect.stringContaining('T') })
    expect(await getSecretSetting('mail.password')).toBe(' canary-smtp ')
    expect(await lastEvent()).toEqual({ before: {}, after: {}, replaced: ['mail.password'] })
    const rows = await useDrizzle().select().from(auditEvents)
    expect(JSON.stringify([body, await read(), rows])).not.toContain('canary-smtp')
  })

  it('stay where they are left out, and are cleared by null or an empty text', async () => {
    await patch({ secrets: { mail_password: 'first' } })
    await patch({ mail: { port: 465 }, secrets: {} })
    expect(await getSecretSetting('mail.password')).toBe('first')
    const { body } = await patch({ secrets: { mail_password: null } })
    expect(body.attributes.secrets.mail_password).toEqual({ is_set: false, set_at: null })
    expect(await getSecretSetting('mail.password')).toBeUndefined()
    expect(await lastEvent()).toMatchObject({ cleared: ['mail.password'] })
  })
})

describe('the environment', () => {
  const env = useEnv()
  const before = { ...env }
  afterEach(() => Object.assign(env, { APP_URL: before.APP_URL, SMTP_URL: undefined, MAIL_FROM: undefined }))

  it('wins where it is set: shown with its variable, and not to be changed', async () => {
    Object.assign(env, {
      APP_URL: 'https://fixed.example.com',
      SMTP_URL: { host: 'smtp.example.com', port: 25, encryption: 'none', username: '', password: 'canary-env' },
    })
    const shown = await read()
    expect(shown).toMatchObject({
      panel: { address: 'https://fixed.example.com' },
      mail: { host: 'smtp.example.com', port: 25, encryption: 'none' },
      fixed: { 'panel.address': 'APP_URL', 'mail.host': 'SMTP_URL', 'mail.username': 'SMTP_URL' },
    })
    expect(JSON.stringify(shown)).not.toContain('canary-env')

    for (const [body, field] of [
      [{ panel: { address: 'https://other.example.com' } }, 'panel.address'],
      [{ mail: { port: 26 } }, 'mail.port'],
      [{ secrets: { mail_password: 'x' } }, 'secrets.mail_password'],
    ] as const) {
      const { status, body: said } = await patch(body)
      expect([status, said.errors[0].meta.source_field, said.errors[0].meta.rule]).toEqual([422, field, 'fixed'])
    }
  })

  it('names who mails come from, whichever mail server sends them', async () => {
    await patch({ mail: { host: 'mail.example.com', from_address: 'stored@example.com', from_name: 'Stored' } })
    expect(await mailServer()).toMatchObject({
      server: { host: 'mail.example.com', fromAddress: 'stored@example.com' },
    })
    Object.assign(env, { MAIL_FROM: { name: 'Fixed', address: 'fixed@example.com' } })
    expect(await mailServer()).toMatchObject({ server: { fromAddress: 'fixed@example.com', fromName: 'Fixed' } })
  })
})

it('sends mails from as many transactions as there are connections', async () => {
  await changeSettings({ 'mail.host': 'mail.example.com', 'mail.fromAddress': 'panel@example.com' })
  await getSettings()
  const { DB_POOL_MAX } = useEnv()
  let begun = 0
  const send = () =>
    useDrizzle().transaction(async (tx) => {
      await tx.execute(sql`select 1`)
      begun += 1
      await vi.waitUntil(() => begun === DB_POOL_MAX)
      const told = { userId: null, locale: 'en', template: 'panel.test', values: {} } as const
      return sendMail(tx, { ...told, recipient: 'all@example.com' })
    })

  const sent = await Promise.all(Array.from({ length: DB_POOL_MAX }, send))

  expect(sent.every(({ isWithheld }) => !isWithheld)).toBe(true)
})

it('records each change under its administrator', async () => {
  await patch({ panel: { name: 'Osprey' } })
  const byMarta = and(eq(auditEvents.action, 'admin:settings.update'), eq(auditEvents.actorName, 'marta'))
  expect(await useDrizzle().$count(auditEvents, byMarta)).toBeGreaterThan(0)
})
