import { desc, eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { SYSTEM } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { mailValues } from '#server/database/json'
import { mails } from '#server/database/schema'
import { render } from '#server/mail/render'
import { mailResetLink } from '#server/services/account/mail-reset-link'
import { createUser } from '#server/services/users/create-user'
import { makeUser } from '../../support/factories'
import { changeSettings } from '../../support/settings'

let count = 0
const asked = (values: object = {}) => ({
  actor: SYSTEM,
  username: `mailed-${++count}`,
  email: `mailed-${count}@example.test`,
  nameFirst: 'Ada',
  ...values,
})

async function lastMailTo(userId: string) {
  const [mail] = await useDrizzle()
    .select()
    .from(mails)
    .where(eq(mails.userId, userId))
    .orderBy(desc(mails.createdAt))
    .limit(1)
  return mail
}

const textOf = ({ template, locale, values }: typeof mails.$inferSelect) =>
  render({
    template,
    locale,
    values: z.decode(mailValues, values ?? '{}') as Record<string, string>,
    panelName: 'Kestrel',
  }).text

describe('without a mail server', () => {
  it('keeps no link: whoever asked has it', async () => {
    const { user, setupUrl } = await createUser(asked())
    expect(setupUrl).toContain('/auth/reset-password#')
    expect(await lastMailTo(user.id)).toMatchObject({ status: 'withheld', values: null })
  })
})

describe('with one', () => {
  beforeAll(() => changeSettings({ 'mail.host': 'mail.invalid', 'panel.address': 'https://panel.kestrel.test' }))

  it('sends the link to choose a password, and shows it to nobody', async () => {
    const { user, setupUrl } = await createUser(asked({ language: 'de' }))
    expect(setupUrl).toBeNull()
    const mail = await lastMailTo(user.id)
    expect(mail).toMatchObject({ status: 'waiting', template: 'account.setup', recipient: user.email, locale: 'de' })
    expect(textOf(mail!)).toMatch(/Hallo Ada,[^]*https:\/\/panel\.kestrel\.test\/auth\/reset-password#[\w-]{64}/)
    const { rows } = await useDrizzle().execute(`select "values" from mails where id = '${mail!.id}'`)
    expect(String(rows[0]?.values)).toMatch(/^s1:/)
  })

  it('tells of an account with a password, without the password', async () => {
    const { user } = await createUser(asked({ password: 'canary-password' }))
    const text = textOf((await lastMailTo(user.id))!)
    expect(text).toContain(`user name ${user.username}`)
    expect(text).not.toContain('canary')
  })

  it('sends the link for a new password', async () => {
    const user = await makeUser({}, { password: 'correct horse' })
    await mailResetLink({ email: user.email, ip: '203.0.113.7', userAgent: null })
    expect(textOf((await lastMailTo(user.id))!)).toMatch(/auth\/reset-password#[\w-]{64}/)
  })
})
