import { globSync } from 'node:fs'
import { request as send } from 'node:http'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { scriptedGame, type MakeGame } from '../../simulator/game.ts'
import { hasChromium, launchChromium, openPage } from '../support/chromium'
import { furnishPanel, signIn, visitorOf, type FurnishedPanel, type Visitor } from '../support/furnished-panel'
import { settle } from '../support/page-check'
import { TEST_SECRET } from '../support/panel'
import { terminalText, untilPrinted } from '../support/terminal'

const ESC = '\u001B'
const BEL = '\u0007'
const ST = `${ESC}\\`

/** What a player could make a game print. Some ask the terminal for an answer, which would be typed; some do things to it. */
const HOSTILE: Record<string, string> = {
  'where the cursor is': `${ESC}[6n`,
  'whether it is well': `${ESC}[5n`,
  'what it is': `${ESC}[c${ESC}[>c${ESC}[=c${ESC}[>q`,
  'what it is, in one byte': '\u0005',
  'its title': `${ESC}[21t`,
  'its size': `${ESC}[18t${ESC}[14t`,
  'its colours': `${ESC}]11;?${BEL}${ESC}]4;1;?${BEL}`,
  'its settings': `${ESC}P$qm${ST}${ESC}P+q544e${ST}`,
  'the clipboard': `${ESC}]52;c;?${BEL}`,
  'for a title': `${ESC}]0;owned${BEL}${ESC}]2;owned${ST}${ESC}kowned${ST}`,
  'for the clipboard': `${ESC}]52;c;b3duZWQ=${BEL}`,
  'for marks around what is pasted': `${ESC}[?2004h${ESC}[200~stop${ESC}[201~`,
  'for every move of the mouse': `${ESC}[?1003h${ESC}[?1006h${ESC}[?1004h`,
  'for a link to a script': `${ESC}]8;;javascript:alert(1)${ST}press${ESC}]8;;${ST}`,
  'for another screen': `${ESC}[?1049h${ESC}[2J${ESC}[3J${ESC}[H`,
  'to begin anew': `${ESC}c`,
  'for a line over others': `${ESC}[20A${ESC}[2K`,
  'in eight bits': '\u009B6n\u009D0;owned\u009C\u0090$qm\u009C',
  'in strings of other kinds': `${ESC}_stop${ST}${ESC}^stop${ST}${ESC}Xstop${ST}`,
  'in several places of a line': `${ESC}[${ESC}[6n${ESC}]0;${ESC}]0;owned${BEL}`,
}
/** Nothing is left of the rest of their line, but the next is whole. */
const ENDLESS = [`${ESC}]0;owned`, `${ESC}P$q`, `${ESC}[`, ESC, `${ESC}]52;c;b3duZWQ=`]

const MARK = 'the line before all of them'

/** A game in which somebody says whatever the test wants to be seen. */
const talkedInto: MakeGame = (context) => {
  const game = scriptedGame(context)
  return {
    ...game,
    input(line) {
      if (line !== 'hostile') return game.input(line)
      context.print(MARK)
      Object.values(HOSTILE).forEach((text, index) => context.print(`before ${index} ${text} after ${index}`))
      ENDLESS.forEach((text, index) => {
        context.print(`open ${index} ${text}`)
        context.print(`closed ${index}`)
      })
      context.print('the line after all of them')
    },
  }
}

let panel: FurnishedPanel
let player: Visitor
let server: { identifier: string; uuid: string }

beforeAll(async () => {
  panel = await furnishPanel({ game: talkedInto })
  await panel.makePerson('alexis')
  await panel.makePerson('noah')
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

  async function openConsole() {
    const opened = await openPage(browser, panel.url, {
      alsoAt: [panel.wings.url],
      cookies: player.cookies(),
      locale: 'en-GB',
      viewport: { width: 1440, height: 1400 },
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    const sent: { event: string; args?: string[] }[] = []
    const commands: string[] = []
    opened.page.on('websocket', (socket) =>
      socket.on('framesent', ({ payload }) => sent.push(JSON.parse(String(payload)) as { event: string })),
    )
    opened.page.on('request', (asked) => {
      if (asked.url().endsWith('/command')) commands.push(asked.postData() ?? '')
    })
    opened.page.on('dialog', (dialog) => opened.faults.push(`dialog: ${dialog.message()}`))
    opened.page.on('popup', (popup) => opened.faults.push(`window: ${popup.url()}`))
    await opened.page.goto(`/servers/${server.identifier}`)
    await opened.page.getByText('Direct to node').waitFor()
    await opened.page.locator('.xterm-rows').waitFor()
    return { ...opened, sent, commands }
  }

  /** Whatever a terminal could be talked into answering to. */
  async function play(page: Page) {
    await page.locator('.xterm').click({ position: { x: 80, y: 60 } })
    await page.mouse.move(300, 300)
    await page.mouse.move(420, 360)
    await page.keyboard.type('stop')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Control+V')
    await page.waitForTimeout(150)
  }

  async function expectUntouched({ page, faults, sent }: Awaited<ReturnType<typeof openConsole>>) {
    expect([...new Set(sent.map(({ event }) => event))].toSorted()).toEqual(['auth', 'send logs'])
    expect(await page.title()).toContain('Console · Survival')
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('untouched')
    expect(
      await page.locator('.xterm').evaluate((terminal) => terminal.classList.contains('enable-mouse-events')),
    ).toBe(false)
    expect(faults).toEqual([])

    const text = await terminalText(page)
    Object.keys(HOSTILE).forEach((what, index) =>
      expect(text, what).toMatch(new RegExp(`before ${index} .*after ${index}$`, 'm')),
    )
    ENDLESS.forEach((_, index) => expect(text).toMatch(new RegExp(`^open ${index}.*\\nclosed ${index}$`, 'm')))
    expect(text).toContain(MARK)
    expect(text).not.toContain('owned')
  }

  it('sec-15: what a game prints makes the terminal answer nothing and do nothing, now and from its log', async () => {
    const opened = await openConsole()
    const { page, commands } = opened
    await page.evaluate(() => navigator.clipboard.writeText('untouched'))
    await page.getByLabel('Command', { exact: true }).fill('hostile')
    await page.keyboard.press('Enter')
    await untilPrinted(page, 'the line after all of them')
    await play(page)
    await expectUntouched(opened)
    expect(commands).toEqual([JSON.stringify({ command: 'hostile' })])

    opened.sent.length = 0
    await page.reload()
    await untilPrinted(page, 'the line after all of them')
    await play(page)
    await expectUntouched(opened)
    expect(commands).toHaveLength(1)
    expect(panel.wings.server(server.uuid).state).toBe('running')
    await page.context().close()
  })
})
