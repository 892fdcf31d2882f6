import { gzipSync } from 'node:zlib'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { hasChromium, launchChromium, openPage } from '../support/chromium'
import { session } from '../support/session-state'

const signedIn = { ...session, user: { ...session.user, is_root_admin: true } }
const signedOut = {
  ...session,
  user: null,
  sign_in: { password: true, registration: false, captcha: 'off', providers: [] },
}

const none = { object: 'null_resource', attributes: null }
const server = {
  object: 'server',
  attributes: {
    server_owner: true,
    identifier: '4864a058',
    internal_id: 12,
    uuid: '4864a058-9a3b-44a9-a6cf-c1355e89406e',
    name: 'Survival',
    node: 'fra-1',
    is_node_under_maintenance: false,
    sftp_details: { ip: 'fra-1.kestrel.gg', port: 2022, alias: null },
    description: '',
    limits: {
      memory: 4096,
      swap: 0,
      disk: 20_480,
      io: 500,
      cpu: 200,
      threads: null,
      oom_disabled: true,
      oom_killer: false,
    },
    invocation: '',
    docker_image: '',
    egg_features: [],
    feature_limits: { databases: 1, allocations: 2, backups: 5 },
    status: null,
    is_suspended: false,
    is_installing: false,
    is_transferring: false,
    relationships: { allocations: { object: 'list', data: [] }, variables: none },
  },
  meta: {
    is_server_owner: true,
    user_permissions: ['*'],
    egg: { uuid: 'x', name: 'Paper', icon: 'pickaxe' },
    owner: { username: 'marta' },
    status_changed_at: null,
    configuration_changed_at: null,
    node: { name: 'fra-1', unreachable_since: null, flavour: null },
  },
}
const { meta: _, ...listed } = server
const pagination = { total: 1, count: 1, per_page: 50, current_page: 1, total_pages: 1, links: {} }

const ANSWERS: Record<string, unknown> = {
  '/api/client/session': signedIn,
  '/api/client': { object: 'list', data: [listed], meta: { pagination } },
  '/api/client/servers/4864a058': server,
  '/api/client/resources': { object: 'live_resources', attributes: { servers: { '4864a058': null } } },
}

async function answer(page: Page, answers: Record<string, unknown>): Promise<void> {
  await page.route(/\/api\/client/, async (route) => {
    const { pathname } = new URL(route.request().url())
    if (pathname === '/api/client/events') return route.fulfill({ contentType: 'text/event-stream', body: ': \n\n' })
    const known = { ...ANSWERS, ...answers }[pathname]
    return known ? route.fulfill({ json: known }) : route.fulfill({ status: 204 })
  })
}

/** What was asked for up to the moment at which the page stands where the frame was, in bytes as gzip sends them. */
async function scriptsOf(page: Page, path: string): Promise<{ bytes: number; text: string }> {
  const bodies = new Map<string, Promise<Buffer>>()
  page.on('response', (response) => {
    if (response.url().endsWith('.js')) bodies.set(response.url(), response.body())
  })
  await page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      if (document.querySelector('#frame') || !document.querySelector('h1')) return
      observer.disconnect()
      performance.mark('usable')
    }).observe(document, { childList: true, subtree: true })
  })
  await page.goto(path, { waitUntil: 'networkidle' })

  const needed = await page.evaluate(() => {
    const [usable] = performance.getEntriesByName('usable')
    return (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
      .filter(({ startTime }) => startTime <= usable!.startTime)
      .map(({ name }) => name)
  })
  const scripts = await Promise.all([...bodies].filter(([url]) => needed.includes(url)).map(([, body]) => body))
  return {
    bytes: scripts.reduce((sum, script) => sum + gzipSync(script, { level: 9 }).length, 0),
    text: scripts.map(String).join('\n'),
  }
}

describe.skipIf(!hasChromium)('what a browser loads before a page can be used', { retry: 2 }, () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterAll(() => browser.close())

  it.each([
    ['sign-in', '/auth/login', 185_000, { '/api/client/session': signedOut }],
    ['the list of servers', '/', 320_000, {}],
    ['a console', '/servers/4864a058', 430_000, {}],
  ])('%s (%s): at most %i bytes of script, and no validator', async (_name, path, budget, answers) => {
    const { page } = await openPage(browser, inject('baseUrl'))
    await answer(page, answers)
    const { bytes, text } = await scriptsOf(page, path)

    console.log(`${path}: ${(bytes / 1000).toFixed(1)} kB of ${budget / 1000}`)
    expect(bytes).toBeLessThanOrEqual(budget)
    expect(text.includes('$ZodType')).toBe(false)
    await page.context().close()
  })

  it('icons are drawn: one of the frame, and one that only an egg names', async () => {
    const { page } = await openPage(browser, inject('baseUrl'))
    const egg = { object: 'egg', attributes: { uuid: 'x', name: 'Paper', icon: 'rabbit' } }
    const { attributes } = listed
    const shown = { ...listed, attributes: { ...attributes, relationships: { ...attributes.relationships, egg } } }
    await answer(page, { '/api/client': { object: 'list', data: [shown], meta: { pagination } } })
    await page.goto('/')

    const maskOf = (name: string) =>
      page
        .locator(`.i-lucide\\:${name}`)
        .first()
        .evaluate((icon) => getComputedStyle(icon).maskImage)
    await page.locator('h1').waitFor()
    expect(await maskOf('bell')).toContain('data:image/svg+xml')
    await expect.poll(() => maskOf('rabbit')).toContain('data:image/svg+xml')
    await page.context().close()
  })

  it.each([
    ['wide', 1440, false],
    ['with icons alone', 1440, true],
    ['on a phone', 390, false],
  ])('the frame of the shell lies where the page will: %s', async (_name, width, isCollapsed) => {
    const { page } = await openPage(browser, inject('baseUrl'), { viewport: { width, height: 900 } })
    if (isCollapsed) await page.addInitScript(() => localStorage.setItem('xyra-sidebar', 'collapsed'))
    let release = () => {}
    const gate = new Promise<void>((resolve) => (release = resolve))
    await answer(page, {})
    await page.route('**/api/client/session', async (route) => {
      await gate
      await route.fulfill({ json: signedIn })
    })

    const boxes = (selectors: string[]) =>
      page.evaluate(
        (all) =>
          all.map((one) => {
            const { x, y, width: wide, height } = document.querySelector(one)!.getBoundingClientRect()
            return [x, y, wide, height]
          }),
        selectors,
      )

    await page.goto('/', { waitUntil: 'domcontentloaded' })
    const frame = await boxes(['#frame .side', '#frame .bar', '#frame .foot'])
    release()
    await page.locator('h1').waitFor()
    const shell = await boxes(['aside', 'main [data-slot="root"] > [data-slot="root"]', 'aside > :last-child'])

    const visible = width < 1024 ? [1] : [0, 1, 2]
    for (const at of visible)
      frame[at]!.forEach((edge, side) => expect(Math.abs(edge - shell[at]![side]!)).toBeLessThanOrEqual(2))
    await page.context().close()
  })
})
