import { desc, eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { auditEvents, mailTemplates } from '#server/database/schema'
import { render } from '#server/mail/render'
import { builtInText, MAIL_TEMPLATES } from '#server/mail/templates/index'
import { findCustomText } from '#server/services/mail/mail-texts'
import type { MailTemplate } from '#shared/contracts/application/mail-templates'
import { LANGUAGES } from '#shared/utils/languages'
import { placeholdersOf } from '#shared/utils/mail-placeholders'
import { request, signedInAs, type Caller, type Loose } from '../../support/api'
import { makeRootAdmin } from '../../support/factories'

let root: Caller
beforeAll(async () => {
  root = await signedInAs(await makeRootAdmin())
})

const PATH = '/api/application/mail-templates'
const list = async () =>
  (await request(`GET ${PATH}`, { as: root })).body.data.map((one: Loose) => one.attributes) as MailTemplate[]
const put = (name: string, body: object, language = 'en') =>
  request(`PUT ${PATH}/${name}/${language}`, { as: root, body })
const said = async (name: string, values: Record<string, string>, locale = 'en') =>
  render({ template: name, locale, custom: await findCustomText(name, locale), values, panelName: 'Kestrel' })
const RESET = 'Hello {name}, use {link} within {minutes} minutes.'

describe('mail templates', () => {
  it('lists every mail in every language, with what it may say', async () => {
    const all = await list()
    expect(all).toHaveLength(MAIL_TEMPLATES.length * LANGUAGES.length)
    const reset = all.find(({ template, language }) => template === 'password.reset' && language === 'de')
    expect(reset).toMatchObject({ is_custom: false, ...builtInText('password.reset', 'de'), updated_at: null })
    expect(reset?.placeholders).toContainEqual({ name: 'link', is_required: true })
    expect(reset?.placeholders).toContainEqual({ name: 'panel', is_required: false })
  })

  it.each(MAIL_TEMPLATES)('%s says the same in every language', (template) => {
    const names = LANGUAGES.map((language) =>
      placeholdersOf(builtInText(template, language))
        .map(({ name }) => name)
        .toSorted(),
    )
    expect(new Set(names.map(String)).size).toBe(1)
  })

  it('says what an administrator wrote, in that language alone, and the built-in text again', async () => {
    const { status, body } = await put('password.reset', { subject: 'New password', body: RESET })
    expect([status, body.attributes.is_custom]).toEqual([200, true])
    const values = { name: 'Grace', link: 'https://x.test/#1', minutes: '60' }
    expect(await said('password.reset', values)).toEqual({
      subject: 'New password',
      text: 'Hello Grace, use https://x.test/#1 within 60 minutes.',
    })
    expect((await said('password.reset', values, 'de')).subject).toBe('Ein neues Passwort für Kestrel')

    expect((await request(`DELETE ${PATH}/password.reset/en`, { as: root })).status).toBe(204)
    expect((await said('password.reset', values)).subject).toBe('A new password for Kestrel')
    const [row] = await useDrizzle().select().from(auditEvents).orderBy(desc(auditEvents.id)).limit(1)
    expect([row?.action, row?.targetId]).toEqual(['admin:mail-template.reset', 'password.reset/en'])
  })

  it.each([
    [{ subject: 'x', body: 'no link' }, 'body', 'placeholder_missing'],
    [{ subject: 'x', body: 'https://evil.example/?next={link}' }, 'body', 'placeholder_apart'],
    [{ subject: 'x', body: 'https://evil.example/?next=({link})' }, 'body', 'placeholder_apart'],
    [{ subject: 'x', body: `${RESET} https://evil.example/<{link}` }, 'body', 'placeholder_apart'],
    [{ subject: 'https://evil.example/{link}', body: RESET }, 'subject', 'placeholder_apart'],
    [{ subject: '{nobody}', body: RESET }, 'subject', 'placeholder_unknown'],
    [{ subject: 'x', body: `${RESET} {constructor}` }, 'body', 'placeholder_unknown'],
    [{ subject: 'x', body: `${RESET} {__proto__}` }, 'body', 'placeholder_unknown'],
    [{ subject: 'x\r\nBcc: all@example.test', body: RESET }, 'subject', 'regex'],
    [{ subject: '', body: RESET }, 'subject', 'required'],
    [{ subject: 'x', body: 'x'.repeat(10_001) }, 'body', 'max'],
  ])('refuses %j', async (body, field, rule) => {
    const { status, body: answer } = await put('password.reset', body)
    expect([status, answer.errors[0].meta.source_field, answer.errors[0].meta.rule]).toEqual([422, field, rule])
    expect(await useDrizzle().$count(mailTemplates, eq(mailTemplates.template, 'password.reset'))).toBe(0)
  })

  it.each(['nothing.here/en', 'password.reset/xx', 'constructor/en', '..%2f..%2fetc/en', '__proto__/en'])(
    '%s is not there',
    async (name) => {
      const [template = '', language = ''] = name.split('/')
      expect((await put(template, { subject: 'x', body: RESET }, language)).status).toBe(404)
      expect((await request(`DELETE ${PATH}/${name}`, { as: root })).status).toBe(404)
    },
  )

  it('sec-22 takes what people typed for text: no slot in it is filled, and it starts no line of the head', async () => {
    const name = '{link}${7*7}{{7*7}}<%= 7*7 %><img src=x onerror=alert(1)>\r\nBcc: all@example.test'
    const { subject, text } = await said('server.removed', { name, server: name })
    expect(text).toContain(name)
    expect(subject).not.toMatch(/[\r\n]/)
    expect(subject).toContain('{link}${7*7}{{7*7}}<%= 7*7 %>')
  })
})
