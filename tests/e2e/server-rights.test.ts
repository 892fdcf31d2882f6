import { globSync } from 'node:fs'
import pg from 'pg'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RIGHT_GROUPS, type RightGroup, type ServerRight } from '../../app/utils/server-rights'
import { hasChromium, launchChromium, openPage } from '../support/chromium'
import { furnishPanel, signIn, type FurnishedPanel } from '../support/furnished-panel'
import { accessibilityFaults, settle } from '../support/page-check'

/** The pages of a server, in the order of its sidebar, and the right that each takes. */
const PAGES: Record<string, ServerRight | null> = {
  '': null,
  '/files': 'file.read',
  '/backups': 'backup.read',
  '/schedules': 'schedule.read',
  '/databases': 'database.read',
  '/network': 'allocation.read',
  '/startup': 'startup.read',
  '/users': 'user.read',
  '/activity': 'activity.read',
  '/settings': null,
}
const PAGE_OF: Record<RightGroup, string> = {
  control: '',
  file: '/files',
  backup: '/backups',
  schedule: '/schedules',
  database: '/databases',
  allocation: '/network',
  startup: '/startup',
  user: '/users',
  activity: '/activity',
  settings: '/settings',
}
/** Each right that opens a page, alone; of the others, which open none, those of a group together. */
const cases = (Object.keys(RIGHT_GROUPS) as RightGroup[]).flatMap((group) => {
  const opens = (right: ServerRight) => PAGES[PAGE_OF[group]] === right
  const all: readonly ServerRight[] = RIGHT_GROUPS[group]
  return [all.filter(opens), all.filter((right) => !opens(right))]
    .filter((rights) => rights.length > 0)
    .map((rights) => ({ rights, path: PAGE_OF[group] }))
})

/** Those that exist. */
const pages = globSync('app/pages/servers/[[]server]/**/*.vue')
  .map((file) => file.slice('app/pages/servers/[server]/'.length, -'.vue'.length))
  .map((file) => `/${file.split('/')[0]}`.replace('/index', ''))
const shown = Object.keys(PAGES).filter((path) => pages.includes(path))

let panel: FurnishedPanel
let browser: Browser
let page: Page
let faults: string[]
let server: { identifier: string }
let helper: string
const refused: string[] = []

describe.skipIf(!hasChromium)('every page of a server, with the rights of one kind', () => {
  beforeAll(async () => {
    panel = await furnishPanel()
    const { root } = panel
    await panel.makePerson('alexis')
    server = await panel.makeServer({ name: 'Survival', owner: 'marta', starts: true })
    const made = await root.call(`POST ${usersPath()}`, {
      email: 'alexis@example.test',
      permissions: ['websocket.connect'],
    })
    helper = made.attributes.uuid
    await liftLimits(panel.databaseUrl)
    browser = await launchChromium()
    ;({ page, faults } = await openPage(browser, panel.url, {
      alsoAt: [panel.wings.url],
      cookies: (await signIn(panel.url, 'alexis')).cookies(),
      viewport: { width: 1440, height: 900 },
      locale: 'en-GB',
    }))
    page.on('response', (response) => {
      if (response.status() >= 400) refused.push(`${response.status()} ${new URL(response.url()).pathname}`)
    })
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await panel?.stop()
  })

  const usersPath = () => `/api/client/servers/${server.identifier}/users`

  it('is known', () => {
    expect(pages.filter((path) => !(path in PAGES) && path !== '/edit')).toEqual([])
  })

  it.each(cases)('$rights', { timeout: 30_000 }, async ({ rights, path }) => {
    await page.goto('about:blank')
    await panel.root.call(`POST ${usersPath()}/${helper}`, { permissions: rights })
    faults.length = refused.length = 0

    if (!shown.includes(path)) return
    await page.goto(`/servers/${server.identifier}${path}`)
    const links = page.getByRole('navigation', { name: 'Server', exact: true }).getByRole('link')
    await links.first().waitFor()
    await settle(page)

    const isOpen = (one: string) => PAGES[one] === null || rights.includes(PAGES[one]!)
    const found = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''))
    expect(found).toEqual(shown.filter(isOpen).map((one) => `/servers/${server.identifier}${one}`))
    expect(await page.getByText('Its owner, marta, can allow it.', { exact: true }).count()).toBe(isOpen(path) ? 0 : 1)
    expect(await accessibilityFaults(page)).toEqual([])
    expect([...refused, ...faults]).toEqual([])
  })
})

/** No person opens so many pages in a minute. */
async function liftLimits(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query(
    `insert into settings (key, value, updated_at) values ('limits.clientPerMinute', '100000', now())
     on conflict (key) do update set value = excluded.value`,
  )
  await client.query(`select pg_notify('xyra', '{"topic":"settings","told":{}}')`)
  await client.end()
}
