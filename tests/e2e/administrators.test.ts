import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium, launchChromium, openPage } from '../support/chromium'
import { accessibilityFaults } from '../support/page-check'
import { furnishPanel, signIn, type FurnishedPanel, type Person } from '../support/furnished-panel'

let panel: FurnishedPanel
let browser: Browser
let player: Person

/** What a refusal leaves in the console is no fault of the page. */
const realFaults = (faults: string[]) => faults.filter((fault) => !/status of 4\d\d/.test(fault))

describe.skipIf(!hasChromium)('people in the administration', () => {
  beforeAll(async () => {
    panel = await furnishPanel()
    browser = await launchChromium()
    player = await panel.makePerson('alexis')
    const reader = await panel.makePerson('reader')
    const { attributes } = await panel.root.call('POST /api/application/roles', {
      name: 'Support',
      grants: { users: 1 },
    })
    await panel.root.call(`PUT /api/application/users/${reader.id}/roles`, { roles: [attributes.id] })
  })
  afterAll(async () => {
    await browser?.close()
    await panel?.stop()
  })

  async function windowOf(user: string) {
    const visitor = await signIn(panel.url, user)
    return openPage(browser, panel.url, {
      cookies: visitor.cookies(),
      viewport: { width: 1440, height: 900 },
      locale: 'en-GB',
    })
  }

  it('a root administrator makes a role, gives it, acts as somebody and stops', async () => {
    const { page, faults } = await windowOf('marta')
    await page.goto('/admin/roles')
    await page.getByRole('button', { name: 'Create role' }).first().click()
    await page.getByLabel('Name', { exact: true }).fill('Night shift')
    const levels = page.getByRole('radiogroup', { name: 'Servers', exact: true })
    await levels.getByText('Read', { exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Create role' }).click()
    await page.getByRole('button', { name: 'Night shift', exact: true }).waitFor()

    await page.goto(`/admin/users/${player.id}`)
    await page.getByRole('heading', { name: 'alexis' }).waitFor()
    await page.getByRole('button', { name: 'Actions for alexis' }).click()
    await page.getByRole('menuitem', { name: 'Act as this person' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Act as this person' }).click()
    await page.getByText('You act as alexis').waitFor()
    await page.getByRole('heading', { name: 'Servers' }).first().waitFor()
    expect(await page.title()).toMatch(/^alexis: /)
    await page.getByRole('button', { name: 'Stop', exact: true }).click()
    await page.waitForURL('**/admin/users')
    await page.getByRole('link', { name: 'alexis' }).waitFor()
    expect(await page.title()).not.toMatch(/^alexis: /)
    expect(realFaults(faults)).toEqual([])
  })

  it('a root administrator narrows the audit to a person, an act and a thing', async () => {
    const { page, faults } = await windowOf('marta')
    await page.goto('/admin/audit')
    const rows = page.locator('[data-event]')
    await rows.first().waitFor()
    await page.getByRole('button', { name: 'Narrow' }).click()
    const popover = page.getByRole('dialog')
    const choose = async (field: string, option: string) => {
      await popover.getByLabel(field, { exact: true }).click()
      await page.getByRole('option', { name: option, exact: true }).click()
    }
    const events = () => rows.evaluateAll((all) => [...new Set(all.map((row) => row.getAttribute('data-event')))])

    await choose('Who', 'marta')
    await choose('Did what', '… changed the roles of a user')
    // More than one may be chosen, so it stays open.
    await page.keyboard.press('Escape')
    await page.getByRole('option').first().waitFor({ state: 'detached' })
    await expect.poll(events).toEqual(['admin:user.roles'])
    await choose('To what kind of thing', 'User')
    await choose('To which one', 'alexis')
    await page.getByText('Nothing matches these filters.').waitFor()
    expect(new URL(page.url()).searchParams.get('object')).toBe(`user:${player.id}`)
    expect(await accessibilityFaults(page)).toEqual([])
    await popover.getByRole('button', { name: 'Show all of them' }).click()
    await expect.poll(async () => (await events()).length).toBeGreaterThan(1)
    expect([new URL(page.url()).search, realFaults(faults)]).toEqual(['', []])
  })

  it('whoever is refused a person stands at the first field that is wrong, whoever found it', async () => {
    const { page, faults } = await windowOf('marta')
    await page.goto('/admin/users/new')
    const [name, email] = [
      page.getByLabel('User name', { exact: true }),
      page.getByLabel('E-mail address', { exact: true }),
    ]
    const create = page.getByRole('button', { name: 'Create user', exact: true })
    const hasFocus = (field: typeof name) => field.evaluate((element) => element === document.activeElement)

    await name.fill('somebody')
    await email.fill('no address')
    await page.getByLabel('First name').fill('Some')
    await page.getByLabel('Last name').fill('Body')
    await create.click()
    await expect.poll(() => hasFocus(email)).toBe(true)
    // This one only the panel knows.
    await name.fill('alexis')
    await email.fill('somebody@example.test')
    await create.click()
    await expect.poll(() => hasFocus(name)).toBe(true)
    expect(realFaults(faults)).toEqual([])
  })

  it('whoever types a setting that is refused reads why, above the bar at the foot', async () => {
    const { page, faults } = await windowOf('marta')
    await page.goto('/admin/settings/security')
    // As tall as leaves the field itself in sight and its sentence under the bar.
    const origins = page.getByLabel('Origins', { exact: true })
    await origins.waitFor()
    const bottom = await origins.evaluate((field) => field.getBoundingClientRect().bottom)
    await page.setViewportSize({ width: 1440, height: Math.ceil(bottom) + 64 })
    await origins.fill('no origin')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    const sentence = page.locator('[data-slot="error"]').last()
    await sentence.waitFor()
    const isSeen = () =>
      sentence.evaluate((element) => {
        const { left, top, height } = element.getBoundingClientRect()
        return element.contains(document.elementFromPoint(left + 4, top + height / 2))
      })
    await expect.poll(isSeen).toBe(true)
    await expect.poll(() => origins.evaluate((field) => field === document.activeElement)).toBe(true)
    expect(realFaults(faults)).toEqual([])
  })

  it('one who only reads users sees them, and nothing that he may not do', async () => {
    const { page, faults } = await windowOf('reader')
    await page.goto('/admin/users')
    await page.getByRole('link', { name: 'alexis' }).click()
    await page.getByText('You may see accounts, not change them.').waitFor()
    const tabs = page.getByRole('navigation', { name: 'alexis' }).getByRole('link')
    expect(await tabs.allInnerTexts()).toEqual(['Overview', 'Sessions', 'Keys'])
    for (const name of ['Create user', 'Save', 'Save roles'])
      expect(await page.getByRole('button', { name }).count()).toBe(0)
    const sidebar = page.getByRole('navigation', { name: 'Administration' })
    expect(await sidebar.getByRole('link', { name: 'Users' }).count()).toBe(1)
    for (const name of ['Nodes', 'Roles', 'API keys', 'Nests and eggs'])
      expect(await sidebar.getByRole('link', { name }).count()).toBe(0)

    await page.goto('/admin/roles')
    await page.getByText('You may not see the roles of this panel.').waitFor()
    expect(realFaults(faults)).toEqual([])
  })

  it('a player is refused', async () => {
    const { page } = await windowOf('alexis')
    for (const path of ['/admin/users', `/admin/users/${player.id}`, '/admin/roles']) {
      await page.goto(path)
      await page
        .getByRole('link', { name: 'Back to my servers' })
        .or(page.getByRole('button', { name: 'Back to my servers' }))
        .first()
        .waitFor()
      expect(await page.getByText('marta').count()).toBe(0)
    }
  })
})
