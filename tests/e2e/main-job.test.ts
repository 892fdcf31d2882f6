import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../scripts/demo/panel.ts'
import { startWings, type Wings } from '../../simulator/wings.ts'
import { hasChromium, launchChromium, openPage } from '../support/chromium'
import { eventually, FAST, PANEL_NAME, PASSWORD, startBuiltPanel, type BuiltPanel } from '../support/furnished-panel'
import { accessibilityFaults, wordFaults } from '../support/page-check'
import { untilPrinted } from '../support/terminal'

const SETTINGS = 'server.properties'

/** From the link of a fresh panel to a game server that somebody commands. Each step begins where the last one ended. */
describe.skipIf(!hasChromium)('the main job', () => {
  let panel: BuiltPanel
  let browser: Browser
  let page: Page
  let faults: string[]
  let wings: Wings | undefined
  let port: number

  beforeAll(async () => {
    ;[panel, browser, port] = await Promise.all([startBuiltPanel(), launchChromium(), freePort()])
    const opened = await openPage(browser, panel.url, {
      alsoAt: [`http://127.0.0.1:${port}`],
      viewport: { width: 1440, height: 900 },
      locale: 'en-GB',
      timezoneId: 'Europe/Berlin',
    })
    ;({ page, faults } = opened)
    // A step that fails takes all that follow with it: none of them waits long.
    page.setDefaultTimeout(15_000)
  })
  afterAll(async () => {
    await browser?.close()
    await wings?.stop()
    await panel?.stop()
  })

  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const heading = (name: string) => page.getByRole('heading', { name, level: 1, exact: true }).waitFor()

  const shownAs = (state: string) => page.locator(`[data-state="${state}"]:visible`).first().waitFor()

  /** Of the step in sight. */
  async function expectSound() {
    expect(await wordFaults(page, 'en')).toEqual([])
    expect(await accessibilityFaults(page)).toEqual([])
    expect(faults).toEqual([])
  }

  it('begins with the link that the terminal shows', async () => {
    await page.goto(panel.setupLink)
    await heading('Who runs this panel?')
    await expectSound()
    await page.getByLabel('User name').fill('marta')
    await page.getByLabel('E-mail address').fill('marta@kestrel.test')
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await button('Next').click()

    await heading('What is it called, and where is it?')
    await expectSound()
    await page.getByLabel('Name', { exact: true }).fill(PANEL_NAME)
    expect(await page.getByLabel('Address').inputValue()).toBe(panel.url)
    await button('Next').click()
  })

  it('adds a node, which takes its configuration by the command that the page shows', async () => {
    await heading('Where do your servers run?')
    await expectSound()
    await page.getByLabel('Name', { exact: true }).fill('fra-1')
    await page.getByLabel('Port', { exact: true }).fill(String(port))
    await button('Add node').click()

    await heading('Give fra-1 its configuration')
    const command = page.locator('code', { hasText: 'wings configure' })
    const [, panelUrl, key, node] = /--panel-url (\S+) --token (\S+) --node (\d+)/.exec(await command.innerText()) ?? []
    const given = await fetch(`${panelUrl}/api/application/nodes/${node}/configuration`, {
      headers: { authorization: `Bearer ${key}`, accept: 'application/json' },
    })
    const {
      token_id: tokenId,
      token,
      remote,
      api,
    } = (await given.json()) as { token_id: string; token: string; remote: string; api: { port: number } }
    expect({ remote, port: api.port }).toEqual({ remote: panel.url, port })

    wings = await startWings({ panelUrl: remote, tokenId, token, port: api.port, timing: { ...FAST, stepMs: 100 } })
    await page.getByRole('listitem').filter({ hasText: 'Your browser reaches the node' }).getByText('Yes').waitFor()
    await expectSound()
    await button('Next').click()
  })

  it('creates a server, whose console opens by itself', async () => {
    await heading('What runs first?')
    await page.getByText('Shell demo').click()
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Shell demo')
    await expectSound()
    await page.getByLabel('Name', { exact: true }).fill('Survival')
    // The first answer about the server is held until the node is done with it: what it says is over when it arrives.
    await page.route(
      '**/api/client/servers/*',
      async (route) => {
        const response = await route.fetch()
        await eventually(() => wings!.servers[0]?.isInstalling === false)
        await page.waitForTimeout(200)
        await route.fulfill({ response })
      },
      { times: 1 },
    )
    await button('Create server').click()

    await heading('Console')
    expect(await page.title()).toBe(`Console · Survival · ${PANEL_NAME}`)
  })

  it('is installed, starts, and is seen to print', async () => {
    const [server] = wings!.servers
    await eventually(() => !server!.isInstalling)
    if (server!.state === 'offline') {
      await button('Start').click()
    }
    await untilPrinted(page, 'Demo is ready')
    await shownAs('running')
    await expectSound()
  })

  it('answers a command', async () => {
    const field = page.getByLabel('Command', { exact: true })
    await field.fill('list')
    await field.press('Enter')
    await untilPrinted(page, 'There are 5 of a max of 20 players online')
    expect(await field.inputValue()).toBe('')
    await field.press('ArrowUp')
    expect(await field.inputValue()).toBe('list')
  })

  it('has its file edited', async () => {
    await page.getByRole('link', { name: 'Files' }).first().click()
    await page.getByRole('link', { name: SETTINGS }).click()
    await heading(SETTINGS)
    await page.locator('.cm-content').click()
    await page.keyboard.press('Control+End')
    await page.keyboard.type('view-distance=12')
    await heading(`${SETTINGS} *`)
    await button('Save').click()
    await heading(SETTINGS)

    const [server] = wings!.servers
    expect(await readFile(join(server!.root, SETTINGS), 'utf8')).toContain('view-distance=12')
  })

  it('is stopped', async () => {
    await page.getByRole('link', { name: 'Console' }).first().click()
    await button('Stop').click()
    await button('Start').waitFor()
    await shownAs('offline')
    const [server] = wings!.servers
    expect(server!.state).toBe('offline')
    await expectSound()
    wings!.assertNoUnknown()
  })
})
