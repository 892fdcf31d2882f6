import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { scriptedGame, type MakeGame } from '../../simulator/game.ts'
import { hasChromium, launchChromium, openPage } from '../support/chromium'
import { furnishPanel, signIn, type FurnishedPanel, type Visitor } from '../support/furnished-panel'
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

describe.skipIf(!hasChromium)('sec-15: a console whose game says whatever a player wants', { retry: 2 }, () => {
  let panel: FurnishedPanel
  let player: Visitor
  let server: { identifier: string; uuid: string }
  let browser: Browser

  beforeAll(async () => {
    ;[panel, browser] = await Promise.all([furnishPanel({ game: talkedInto }), launchChromium()])
    await panel.makePerson('alexis')
    server = await panel.makeServer({ name: 'Survival', owner: 'alexis', starts: true })
    player = await signIn(panel.url, 'alexis')
  })
  afterAll(async () => {
    await browser?.close()
    await panel?.stop()
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

  it('makes the terminal answer nothing and do nothing, now and from its log', async () => {
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
