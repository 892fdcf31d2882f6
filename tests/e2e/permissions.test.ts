import { globSync, readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ADMIN_RESOURCES, OVERVIEW_RESOURCES, type AdminResource } from '#shared/permissions'
import { hasChromium, launchChromium, openPage } from '../support/chromium'
import { furnishPanel, signIn, type FurnishedPanel } from '../support/furnished-panel'
import { accessibilityFaults } from '../support/page-check'

type Right = AdminResource | `${AdminResource} write`

/** What it takes to see each page of the administration: all of these rights, or one of those in brackets. */
const PAGES: Record<string, (Right | Right[])[]> = {
  '/admin': [[...OVERVIEW_RESOURCES]],
  '/admin/servers': ['servers'],
  '/admin/servers/new': ['servers write', 'eggs', 'nodes'],
  '/admin/servers/:server': ['servers'],
  '/admin/servers/:server/build': ['servers'],
  '/admin/servers/:server/startup': ['servers'],
  '/admin/servers/:server/databases': ['servers', 'server_databases'],
  '/admin/servers/:server/mounts': ['servers', 'mounts'],
  '/admin/servers/:server/activity': ['servers'],
  '/admin/servers/:server/manage': ['servers write'],
  '/admin/users': ['users'],
  '/admin/users/new': ['users write'],
  '/admin/users/:user': ['users'],
  '/admin/users/:user/servers': ['users', 'servers'],
  '/admin/users/:user/sessions': ['users'],
  '/admin/users/:user/keys': ['users'],
  '/admin/users/:user/activity': ['users', 'audit'],
  '/admin/roles': ['roles'],
  '/admin/nodes': ['nodes'],
  '/admin/nodes/new': ['nodes write'],
  '/admin/nodes/:node': ['nodes'],
  '/admin/nodes/:node/servers': ['nodes', 'servers'],
  '/admin/nodes/:node/allocations': ['nodes', 'allocations'],
  '/admin/nodes/:node/configuration': ['nodes write'],
  '/admin/nodes/:node/settings': ['nodes write'],
  '/admin/nodes/:node/activity': ['nodes', 'audit'],
  '/admin/locations': ['locations'],
  '/admin/database-hosts': ['database_hosts'],
  '/admin/backup-hosts': ['backup_hosts'],
  '/admin/mounts': ['mounts'],
  '/admin/nests': ['nests', 'eggs'],
  '/admin/eggs/:egg': ['eggs'],
  '/admin/eggs/:egg/startup': ['eggs'],
  '/admin/eggs/:egg/variables': ['eggs'],
  '/admin/eggs/:egg/script': ['eggs'],
  '/admin/eggs/:egg/configuration': ['eggs'],
  '/admin/eggs/:egg/servers': ['eggs', 'servers'],
  '/admin/api-keys': ['api_keys'],
  '/admin/audit': ['audit'],
  '/admin/settings': ['settings'],
  '/admin/settings/mail': ['settings'],
  '/admin/settings/sign-in': ['settings'],
  '/admin/settings/security': ['settings'],
  '/admin/settings/backups': ['settings'],
  '/admin/settings/limits': ['settings'],
  '/admin/settings/templates': ['settings'],
  '/admin/settings/announcements': ['announcements'],
}

/** Those that the sidebar may lead to. */
const tops = Object.keys(PAGES).filter((path) => /^\/admin(\/[\w-]+)?$/.test(path))

const LEVELS = { reads: 1, 'reads and writes': 3 } as const
const people = ADMIN_RESOURCES.flatMap((resource) =>
  (Object.keys(LEVELS) as (keyof typeof LEVELS)[]).map((level) => ({ resource, level })),
)

const words = JSON.parse(readFileSync('i18n/locales/en/panel.json', 'utf8')) as { forbidden: { administrator: string } }
const REFUSAL = words.forbidden.administrator

/** What of the app is used from outside. */
interface NuxtInPage {
  $router: { push: (address: string) => Promise<unknown> }
}

let panel: FurnishedPanel
let browser: Browser
let page: Page
let faults: string[]
/** What a page asked for and was refused, under the page that asked for it. */
const refused: string[] = []
let shownPath = ''
const samples: Record<string, string> = {}

const addressOf = (path: string) => path.replace(/:(\w+)/g, (_, name: string) => samples[name] ?? '')

/** Turns to another page as a link would, without loading the app anew. */
async function turnTo(path: string): Promise<void> {
  await page.evaluate(async (address) => {
    // It is done once all that the page is made of is there; what is left is to draw it.
    await (globalThis as unknown as { useNuxtApp: () => NuxtInPage }).useNuxtApp().$router.push(address)
    for (let frame = 0; frame < 3; frame += 1) await new Promise((drawn) => requestAnimationFrame(drawn))
  }, addressOf(path))
  await page.waitForFunction(() => document.querySelectorAll('.animate-pulse').length === 0)
}

describe.skipIf(!hasChromium)('every page of the administration, as an administrator with a single right', () => {
  beforeAll(async () => {
    panel = await furnishPanel()
    const { root } = panel
    const player = await panel.makePerson('alexis')
    const server = await panel.makeServer({ name: 'Survival', owner: 'alexis' })
    const [egg] = (await root.call('GET /api/application/eggs')).data
    Object.assign(samples, {
      server: String(server.id),
      user: player.id,
      node: String(panel.nodeId),
      egg: String(egg.attributes.id),
    })
    await Promise.all(people.map(makeAdministrator))
    browser = await launchChromium()
    ;({ page, faults } = await openPage(browser, panel.url, {
      alsoAt: [panel.wings.url],
      viewport: { width: 1440, height: 900 },
      locale: 'en-GB',
    }))
    const askedBy = new WeakMap<object, string>()
    page.on('request', (request) => void askedBy.set(request, shownPath))
    page.on('response', (response) => {
      const request = response.request()
      if (response.status() >= 400)
        refused.push(`${askedBy.get(request)}: ${response.status()} ${new URL(request.url()).pathname}`)
    })
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await panel?.stop()
  })

  it('knows every page', () => {
    const files = globSync('app/pages/admin/**/*.vue').map((file) => file.slice('app/pages'.length, -'.vue'.length))
    const pages = files.filter((file) => !files.some((other) => other.startsWith(`${file}/`)))
    const paths = pages.map((file) => file.replace(/\/index$/, '').replace(/\[(\w+)\]/g, ':$1'))
    expect(Object.keys(PAGES).toSorted()).toEqual(paths.toSorted())
  })

  const nameOf = ({ resource, level }: (typeof people)[number]) =>
    `${resource.replace('_', '-')}-${LEVELS[level] === 1 ? 'reader' : 'writer'}`

  async function makeAdministrator(person: (typeof people)[number]): Promise<void> {
    const { resource, level } = person
    const name = nameOf(person)
    const [{ id }, { attributes: role }] = await Promise.all([
      panel.makePerson(name),
      panel.root.call('POST /api/application/roles', { name, grants: { [resource]: LEVELS[level] } }),
    ])
    await panel.root.call(`PUT /api/application/users/${id}/roles`, { roles: [role.id] })
  }

  it.each(people)('$resource, who $level', { timeout: 30_000 }, async (person) => {
    const { resource, level } = person
    const holds = (right: Right) => {
      const [name, asked] = right.split(' ')
      return name === resource && (asked === undefined || LEVELS[level] === 3)
    }
    const isOpen = (path: string) =>
      PAGES[path]!.every((right) => (Array.isArray(right) ? right.some(holds) : holds(right)))
    const concerns = (path: string) => PAGES[path]!.flat().some((right) => right.split(' ')[0] === resource)
    const isSeenByAll = LEVELS[level] === 1
    const found: string[] = []
    // What the page of the one before still asks for would be asked by nobody.
    await page.goto('about:blank')
    faults.length = refused.length = 0

    await page.context().clearCookies()
    await page.context().addCookies((await signIn(panel.url, nameOf(person))).cookies())
    shownPath = '/admin'
    await page.goto('/admin')
    const sidebar = page.getByRole('navigation', { name: 'Administration' }).getByRole('link')
    await sidebar.first().waitFor()
    const links = await sidebar.evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''))
    // What leads to nothing but a refusal is no entry.
    expect(links.filter((path) => path !== '/admin' && !isOpen(path))).toEqual([])
    expect(tops.filter((path) => isOpen(path) && !links.includes(path))).toEqual([])

    for (const path of Object.keys(PAGES)) {
      // The others are seen by whom they concern; of each kind one is seen by everybody.
      if (!concerns(path) && !(isSeenByAll && tops.includes(path))) continue
      shownPath = path
      if (path !== '/admin') await turnTo(path)
      const isRefused = (await page.getByText(REFUSAL, { exact: true }).count()) > 0
      if (isRefused === isOpen(path)) found.push(`${path} ${isRefused ? 'is refused' : 'is not refused'}`)
      if (isOpen(path)) found.push(...(await accessibilityFaults(page)).map((fault) => `${path}: ${fault}`))
    }
    // The last answers may be on their way.
    await page.waitForTimeout(100)
    expect([...found, ...refused, ...faults]).toEqual([])
  })
})
