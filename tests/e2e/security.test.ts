import { globSync } from 'node:fs'
import { request as send } from 'node:http'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium, launchChromium, openPage } from '../support/chromium'
import { furnishPanel, signIn, visitorOf, type FurnishedPanel, type Visitor } from '../support/furnished-panel'
import { settle } from '../support/page-check'
import { TEST_SECRET } from '../support/panel'

let panel: FurnishedPanel
let player: Visitor
let server: { identifier: string; uuid: string }

beforeAll(async () => {
  panel = await furnishPanel()
  await panel.makePerson('alexis')
  server = await panel.makeServer({ name: 'Survival', owner: 'alexis', starts: true })
  player = await signIn(panel.url, 'alexis')
})
afterAll(() => panel?.stop())

interface Raw {
  status: number
  type: string
  body: string
}

/** The path exactly as it is written: a client would tidy it up. */
function raw(path: string, headers: Record<string, string> = {}): Promise<Raw> {
  const { hostname, port } = new URL(panel.url)
  return new Promise((resolve, reject) => {
    send({ hostname, port, path, headers }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, type: String(response.headers['content-type'] ?? ''), body }),
      )
    })
      .on('error', reject)
      .end()
  })
}

const cookieOf = (visitor: Visitor) => ({
  cookie: visitor
    .cookies()
    .map(({ name, value }) => `${name}=${value}`)
    .join('; '),
})

/** The shell is one for all; it says nothing of anybody. */
async function expectEmptyHanded({ status, type, body }: Raw, shell: string, knows: string[] = []) {
  if (status === 200) {
    expect(type).toContain('text/html')
    expect(body).toBe(shell)
  } else {
    expect([204, 400, 401, 403, 404, 405]).toContain(status)
  }
  for (const secret of [TEST_SECRET, 'root:x:', 'postgres://', ...knows]) {
    expect(body).not.toContain(secret)
  }
}

const shellOf = async () => (await raw('/')).body
const pagePaths = globSync('app/pages/**/*.vue').map(
  (file) =>
    `/${file
      .slice('app/pages/'.length, -'.vue'.length)
      .replace(/(^|\/)index$/, '')
      .replace(/\[+[^\]]+\]+/g, server?.identifier ?? 'a1b2c3d4')}`,
)

describe('sec-53: no path leads out of what is public', () => {
  const TARGETS = ['etc/passwd', 'server/index.mjs', 'package.json', '.env', 'nitro.json']
  const UPS = [
    '../',
    '..%2f',
    '%2e%2e/',
    '%2e%2e%2f',
    '%252e%252e%252f',
    '%252e%252e/',
    '..%5c',
    '..\\',
    '..%c0%af',
    '%2e%2e%5c',
    '.%00./',
    '....//',
  ]
  const paths = ['/', '/_nuxt/', '/_nuxt/builds/', '/_fonts/', '/api/client/'].flatMap((root) =>
    UPS.flatMap((up) => TARGETS.flatMap((target) => [1, 3, 8].map((depth) => `${root}${up.repeat(depth)}${target}`))),
  )
  const others = [
    '/.env',
    '/.git/config',
    '/.output/server/index.mjs',
    '/server/index.mjs',
    '/package.json',
    '/nuxt.config.ts',
    '/nitro.json',
    '//etc/passwd',
    '/_nuxt//etc/passwd',
    '/_nuxt/%00',
    '/%',
    '/_nuxt/%ff',
  ]

  it(`in ${paths.length + others.length} ways`, async () => {
    const shell = await shellOf()
    for (const path of [...paths, ...others]) {
      await expectEmptyHanded(await raw(path), shell, ['import ', 'APP_SECRET', '"dependencies"'])
    }
  })
})

describe('sec-56: no part of a page is rendered by itself', () => {
  const names = globSync('app/{pages,components,layouts}/**/*.vue').flatMap((file) => {
    const [, folder, path = ''] = /^app\/(\w+)\/(.*)\.vue$/.exec(file) ?? []
    const bare = path.replace(/[[\].]/g, '').replaceAll('/', '-')
    return folder === 'pages' ? [`page_${bare}`, `page:${bare}`] : [path.split('/').at(-1)!]
  })

  it('by nobody, and not by a player who asks for the administration', async () => {
    const shell = await shellOf()
    for (const name of names) {
      for (const path of [`/__nuxt_island/${name}`, `/__nuxt_island/${name}_abcdefgh.json?props=%7B%7D`]) {
        await expectEmptyHanded(await raw(path), shell)
        await expectEmptyHanded(await raw(path, cookieOf(player)), shell, ['marta@example.test'])
      }
    }
  })
})

describe('sec-57: a path in other letters is no other door', () => {
  const flips = (path: string) => [
    path.toUpperCase(),
    path.replace(/\/(\w)/g, (_, letter: string) => `/${letter.toUpperCase()}`),
    path.replace('api', 'aPi').replace('admin', 'aDMIN'),
  ]

  it.each([
    '/api/application/users',
    '/api/application/nodes',
    '/api/client/account',
    '/api/remote/servers',
    '/api/client/servers/SERVER',
  ])('of the API: %s', async (pattern) => {
    const shell = await shellOf()
    const path = pattern.replace('SERVER', server.identifier)
    for (const flipped of flips(path)) {
      const stranger = await raw(flipped)
      expect(stranger.type.includes('json') ? stranger.status : 404, flipped).toBeGreaterThanOrEqual(400)
      await expectEmptyHanded(stranger, shell)
      const asPlayer = await raw(flipped, cookieOf(player))
      if (!pattern.includes('client')) {
        await expectEmptyHanded(asPlayer, shell, ['marta@example.test'])
      }
    }
  })

  it.skipIf(!hasChromium)('of the pages: a player is shown no administration, a stranger nothing', async () => {
    const browser = await launchChromium()
    for (const [visitor, expected] of [
      [player, 'You may not see this page'],
      [visitorOf(panel.url), 'Sign in'],
    ] as const) {
      const { page } = await openPage(browser, panel.url, { cookies: visitor.cookies(), locale: 'en-GB' })
      const asked: string[] = []
      page.on('response', (response) => {
        if (response.url().includes('/api/application') && response.ok()) asked.push(response.url())
      })
      for (const path of [
        '/admin/users',
        '/Admin/users',
        '/ADMIN/USERS',
        '/admin/Servers',
        '//admin/users',
        '/admin/users/',
      ]) {
        await page.goto(panel.url + path)
        await settle(page)
        const heading = await page.locator('h1').first().innerText()
        expect([expected, 'There is nothing at this address'], `${path} shows ${heading}`).toContain(heading)
      }
      expect(asked).toEqual([])
    }
    await browser.close()
  })
})

describe('sec-58: no answer for one is kept for another', () => {
  it('the shell is the same for everybody, and gives no cookie', async () => {
    const shell = await shellOf()
    for (const path of pagePaths) {
      for (const headers of [{}, cookieOf(player), cookieOf(panel.root)]) {
        const answer = await raw(path, headers)
        expect(answer.body).toBe(shell)
      }
    }
    expect((await fetch(`${panel.url}/admin/users`)).headers.getSetCookie()).toEqual([])
  })

  it('no page has a payload', async () => {
    const shell = await shellOf()
    for (const path of pagePaths) {
      for (const file of ['_payload.json', '_payload.js']) {
        for (const headers of [cookieOf(panel.root), cookieOf(player), {}]) {
          await expectEmptyHanded(await raw(`${path.replace(/\/$/, '')}/${file}`, headers), shell, [
            'marta@example.test',
            'alexis',
          ])
        }
      }
    }
  })

  it('nothing that is said of somebody may be stored on the way', async () => {
    for (const path of [
      '/api/client/session',
      '/api/client',
      '/api/client/account',
      `/api/client/servers/${server.identifier}`,
    ]) {
      const { headers } = await player.send(`GET ${path}`)
      expect(headers.get('cache-control') ?? '', path).toMatch(/no-store|private/)
    }
  })
})

describe.skipIf(!hasChromium)('in the browser', { retry: 2 }, () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterAll(() => browser?.close())

  const AWAY = [
    '//evil.test',
    '/\\evil.test',
    '\\\\evil.test',
    'https://evil.test',
    'https:evil.test',
    'javascript:alert(1)',
    '/%09/evil.test',
    '/\t/evil.test',
    '/.//evil.test',
    '/..//evil.test',
    'data:text/html,x',
    '/api/client/account',
    '///evil.test',
    '%2f%2fevil.test',
    '/%5cevil.test',
  ]

  it('sec-59: whoever is signed in is sent nowhere else', async () => {
    const { page, faults } = await openPage(browser, panel.url, { cookies: player.cookies(), locale: 'en-GB' })
    page.on('dialog', (dialog) => faults.push(`dialog: ${dialog.message()}`))
    for (const away of AWAY) {
      await page.goto(`/auth/login?redirect=${encodeURIComponent(away)}`)
      await page.locator('h1').first().waitFor()
      expect(new URL(page.url()).origin, away).toBe(panel.url)
      expect(new URL(page.url()).pathname, away).not.toMatch(/^\/(\/|api)/)
    }
    expect(faults.filter((fault) => /elsewhere|dialog|script/.test(fault))).toEqual([])
    await page.context().close()
  })
})
