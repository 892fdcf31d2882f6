import pg from 'pg'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { hasChromium, launchChromium, openPage } from '../support/chromium'
import { makeDatabase, type OwnDatabase } from '../support/database'
import { visitorOf } from '../support/furnished-panel'
import { codeOf } from '../support/one-time-codes'
import { startPanel, TEST_SECRET, type RunningPanel } from '../support/panel'
import { runXyra } from '../support/xyra'

const PASSWORD = 'correct horse battery'

/** A phone that unlocks itself: what makes and shows passkeys, without anybody's finger. */
async function plugInAuthenticator(page: Page) {
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable')
  const options = {
    protocol: 'ctap2' as const,
    transport: 'internal' as const,
    hasResidentKey: true,
    hasUserVerification: true,
    isUserVerified: true,
    automaticPresenceSimulation: true,
  }
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', { options })
  return {
    passkeys: async () => (await session.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
    clear: () => session.send('WebAuthn.clearCredentials', { authenticatorId }),
  }
}

describe.skipIf(!hasChromium)('ways in', () => {
  let browser: Browser
  let database: OwnDatabase
  let panel: RunningPanel
  /** Browsers make passkeys for names only. */
  let url = ''

  beforeAll(async () => {
    database = await makeDatabase(inject('templateUrl'))
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    await client.query(`insert into settings (key, value, updated_at) values ('signIn.twoFactorLevel', '1', now())`)
    await client.end()
    panel = await startPanel({ DATABASE_URL: database.url })
    url = `http://localhost:${new URL(panel.url).port}`

    const environment = { DATABASE_URL: database.url, APP_SECRET: TEST_SECRET, LOG_LEVEL: 'warn' }
    const link = await runXyra(['setup-link', '--json'], environment)
    await visitorOf(url).call('POST /api/client/setup', {
      token: new URL((JSON.parse(link.stdout) as { url: string }).url).hash.slice(1),
      username: 'marta',
      email: 'marta@kestrel.test',
      password: PASSWORD,
      panel: { name: 'Kestrel', address: url, language: 'en', time_zone: 'Europe/Berlin' },
    })
    browser = await launchChromium()
  })
  afterAll(async () => {
    await browser?.close()
    await panel?.stop()
    await database?.drop()
  })

  async function signIn(page: Page) {
    await page.goto('/auth/login')
    await page.getByLabel('User name or e-mail').fill('marta')
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  }

  const signOut = (page: Page) => page.request.post('/auth/logout', { headers: { origin: url } })

  it('sec-19: leads whoever has to have a second factor to where it is set up, then a passkey takes the place of both', async () => {
    const { page, faults } = await openPage(browser, url, { viewport: { width: 1280, height: 900 }, locale: 'en-GB' })
    const authenticator = await plugInAuthenticator(page)
    await signIn(page)
    await page.waitForURL('**/account/security')
    await page.getByText('This panel asks for a second factor.').waitFor()
    await page.goto('/admin/users')
    await page.waitForURL('**/account/security')

    await page.getByRole('button', { name: 'Set up' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('img', { name: /QR code/ }).waitFor()
    const secret = ((await dialog.locator('code').textContent()) ?? '').replaceAll(' ', '')
    await dialog.getByLabel('Code from the app').fill('000 000')
    await dialog.getByLabel('Current password').fill(PASSWORD)
    await dialog.getByRole('button', { name: 'Turn on' }).click()
    await dialog.getByText('That code does not fit').waitFor()
    await dialog.getByLabel('Code from the app').fill(await codeOf(secret))
    await dialog.getByRole('button', { name: 'Turn on' }).click()
    await dialog.getByRole('button', { name: 'I have stored them' }).waitFor()
    const [code = ''] = await dialog.getByRole('listitem').allTextContents()
    expect(code).toMatch(/^\w{10}$/)
    const download = page.waitForEvent('download')
    await dialog.getByRole('link', { name: 'Download' }).click()
    expect((await download).suggestedFilename()).toBe('kestrel-codes.txt')
    await dialog.getByRole('button', { name: 'I have stored them' }).click()
    await page.getByText('On, 10 backup codes left.').waitFor()
    expect(await page.getByText('This panel asks for a second factor.').count()).toBe(0)

    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await dialog.getByLabel('Name').fill('Phone')
    await dialog.getByLabel('Current password').fill(PASSWORD)
    await dialog.getByRole('button', { name: 'Add passkey' }).click()
    await page.getByText('never used').waitFor()
    expect(await authenticator.passkeys()).toHaveLength(1)

    await signOut(page)
    await page.goto('/auth/login?redirect=/account/security')
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await page.waitForURL('**/account/security')
    await page
      .getByText('used a moment ago')
      .or(page.getByText(/used .*(now|second)/))
      .first()
      .waitFor()

    await signOut(page)
    await signIn(page)
    await page.waitForURL('**/auth/two-factor')
    await page.getByRole('button', { name: 'Use a backup code' }).click()
    await page.getByLabel('Backup code').fill(code)
    await page.getByLabel('Trust this browser for 30 days').check()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.waitForURL('**/')
    await signOut(page)
    await signIn(page)
    await page.waitForURL((at) => at.pathname === '/')
    await page.goto('/account/security')
    await page.getByRole('heading', { name: 'Trusted browsers' }).waitFor()
    await page.getByText('On, 9 backup codes left.').waitFor()

    await authenticator.clear()
    await signOut(page)
    await page.goto('/auth/login')
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await page.getByText('The browser offered none.').waitFor()
    // What a refusal leaves in the console is no fault of the page.
    expect(faults.filter((fault) => !/status of 4\d\d/.test(fault))).toEqual([])
  })
})
