import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ADMIN_RESOURCES, type AdminResource } from '#shared/permissions'
import { hasChromium, launchChromium, openPage } from '../support/chromium'
import { furnishPanel, signIn, type FurnishedPanel } from '../support/furnished-panel'
import { settle } from '../support/page-check'

/** The page that a permission opens; one that is not here opens none of its own. */
const PAGES: Partial<Record<AdminResource, string>> = {
  servers: '/admin/servers',
  users: '/admin/users',
  roles: '/admin/roles',
  nodes: '/admin/nodes',
  locations: '/admin/locations',
  backup_hosts: '/admin/backup-hosts',
  mounts: '/admin/mounts',
  eggs: '/admin/nests',
  api_keys: '/admin/api-keys',
  audit: '/admin/audit',
  settings: '/admin/settings',
}
const paths = Object.values(PAGES)

describe.skipIf(!hasChromium)('administrators', () => {
  let panel: FurnishedPanel
  let browser: Browser
  let page: Page
  let faults: string[]
  let userId: string

  beforeAll(async () => {
    panel = await furnishPanel()
    await panel.makePerson('owner')
    await panel.makeServer({ name: 'Survival', owner: 'owner' })
    userId = (await panel.makePerson('limited')).id
    await panel.makePerson('player')
    browser = await launchChromium()
    await holds({ servers: 1 })
    const visitor = await signIn(panel.url, 'limited')
    ;({ page, faults } = await openPage(browser, panel.url, {
      cookies: visitor.cookies(),
      viewport: { width: 1440, height: 900 },
      locale: 'en-GB',
    }))
  })
  afterAll(async () => {
    await browser?.close()
    await panel?.stop()
  })

  /** Gives one role with these rights, and takes the one before. */
  async function holds(grants: Partial<Record<AdminResource, number>>) {
    const name = `only ${JSON.stringify(grants)}`
    const { attributes } = await panel.root.call('POST /api/application/roles', { name, grants })
    await panel.root.call(`PUT /api/application/users/${userId}/roles`, { roles: [attributes.id] })
  }

  /** As a click on a link does, without loading everything again. */
  const go = (to: string) =>
    page.evaluate((path) => {
      history.pushState({ ...history.state, current: path }, '', path)
      dispatchEvent(new PopStateEvent('popstate', { state: history.state }))
    }, to)

  const linksOf = (shown: Page) =>
    shown
      .locator('nav a[href^="/admin/"]')
      .evaluateAll((links) => [...new Set(links.map((link) => link.getAttribute('href') ?? ''))])

  it.each(ADMIN_RESOURCES)('with nothing but reading %s see its page and no other', async (resource) => {
    await holds({ [resource]: 1 })
    faults.length = 0
    await page.goto('/admin')
    await settle(page)
    const own = PAGES[resource]
    expect((await linksOf(page)).filter((path) => paths.includes(path))).toEqual(own ? [own] : [])
    expect(await page.getByText('Try again').count()).toBe(0)

    if (own) {
      await go(own)
      await page.waitForURL(new RegExp(`${own}(/|$|\\?)`))
      await settle(page)
      expect(await page.getByText('Try again').count()).toBe(0)
      expect(await page.getByText(/^You may not see/).count()).toBe(0)
    }
    expect(faults).toEqual([])

    const other = paths[(paths.indexOf(own ?? '') + 1) % paths.length] ?? ''
    await go(other)
    await page
      .getByText(/^You may not see/)
      .first()
      .waitFor()
  })

  it('are nobody without a role, and a player is told so on every page', async () => {
    const visitor = await signIn(panel.url, 'player')
    const { page: window } = await openPage(browser, panel.url, { cookies: visitor.cookies() })
    for (const path of ['/admin', ...paths]) {
      const reply = await visitor.send(`GET /api/application${path.replace('/admin', '') || '/overview'}`)
      expect([403, 404]).toContain(reply.status)
    }
    await window.goto('/')
    await settle(window)
    expect(await linksOf(window)).toEqual([])
    await window.goto('/admin/users')
    await window.getByRole('link', { name: 'Back to my servers' }).waitFor()
  })
})
