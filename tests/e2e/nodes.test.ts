import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { z } from 'zod'
import { startWings, type Wings } from '../../simulator/wings.ts'
import { freePort } from '../../scripts/demo/panel.ts'
import { hasChromium, launchChromium, openPage } from '../support/chromium'
import { makeDatabase, type OwnDatabase } from '../support/database'
import { startPanel, TEST_SECRET, type RunningPanel } from '../support/panel'
import { runXyra } from '../support/xyra'

const PASSWORD = 'correct horse battery'
const configuration = z.object({ token_id: z.string(), token: z.string(), remote: z.string() })

describe.skipIf(!hasChromium)('nodes', () => {
  let browser: Browser
  let database: OwnDatabase
  let panel: RunningPanel
  let page: Page
  let faults: string[]
  let wings: Wings | undefined
  let port: number

  beforeAll(async () => {
    database = await makeDatabase(inject('templateUrl'))
    panel = await startPanel({ DATABASE_URL: database.url })
    await runXyra(
      ['create-user', '--root', '--username', 'marta', '--email', 'marta@kestrel.test', '--password', PASSWORD],
      { DATABASE_URL: database.url, APP_SECRET: TEST_SECRET },
    )
    browser = await launchChromium()
    const opened = await openPage(browser, panel.url, { viewport: { width: 1440, height: 900 }, locale: 'en-GB' })
    ;[page, faults, port] = [opened.page, opened.faults, await freePort()]

    await page.goto('/auth/login')
    await page.getByLabel('User name or e-mail').fill('marta')
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Servers' }).waitFor()
  })
  afterAll(async () => {
    await browser?.close()
    await wings?.stop()
    await panel?.stop()
    await database?.drop()
  })

  const button = (name: string) => page.getByRole('button', { name, exact: true })
  /** A browser goes its own way to a node, and says so when it leads nowhere. */
  const realFaults = () =>
    faults.filter((fault) => !fault.includes(`:${port}`) && !/ERR_CONNECTION|status of 4\d\d/.test(fault))

  it('is added from the first steps, together with its location', async () => {
    await page.goto('/admin')
    await page.getByRole('heading', { name: 'First steps' }).waitFor()
    await page.getByRole('link', { name: 'Connect a node' }).click()

    await button('Add location').click()
    const slideover = page.getByRole('dialog')
    await slideover.getByLabel('Short code').fill('fra')
    await slideover.getByRole('button', { name: 'Add location' }).click()
    await slideover.waitFor({ state: 'hidden' })

    await page.getByLabel('Name', { exact: true }).fill('fra-1')
    await page.getByLabel('Address', { exact: true }).fill('127.0.0.1')
    await page.getByText('leads every browser to its own machine').waitFor()
    await page.getByLabel('Port of Wings').fill(String(port))
    await button('Add node').click()
    await page.waitForURL(/\/admin\/nodes\/\d+\/configuration/)
    await page.getByText('Waiting for the node to call').waitFor()
  })

  it('takes its configuration by the command, and its ticks follow by themselves', async () => {
    await button('Create command').click()
    const command = await page.getByText(/wings configure/).innerText()
    const [, token] = /--token (papp_\w{43})/.exec(command) ?? []
    const [, number] = /--node (\d+)/.exec(command) ?? []
    const reply = await fetch(`${panel.url}/api/application/nodes/${number}/configuration`, {
      headers: { authorization: `Bearer ${token}` },
    })
    const given = configuration.parse(await reply.json())
    wings = await startWings({ panelUrl: given.remote, tokenId: given.token_id, token: given.token, port })

    await page.getByText('The node has called').waitFor()
    await page.waitForFunction(() => document.querySelectorAll('main [role=status] .text-success').length === 3)
    expect(realFaults()).toEqual([])
  })

  it('is two lines while all is well, and says what is wrong when it is not', async () => {
    await page.getByRole('link', { name: 'Overview', exact: true }).last().click()
    const ways = page.getByRole('region', { name: 'Connectivity' })
    await ways.getByText('Reachable').nth(1).waitFor()
    expect(await ways.getByRole('listitem').count()).toBe(0)

    await wings?.stop()
    wings = undefined
    await ways.getByRole('button', { name: 'Check again' }).click()
    await ways.getByText('The panel cannot reach fra-1.').waitFor()
    expect(await ways.locator('code').innerText()).toBe('sudo systemctl enable --now wings')
  })

  it('gets ports, told before they are added; names and loses them', async () => {
    await page.getByRole('link', { name: /^Allocations/ }).click()
    await button('Add allocations').click()
    const slideover = page.getByRole('dialog')
    await slideover.getByLabel('IP address').fill('198.51.100.24')
    await slideover.getByLabel('Ports').fill('25565-25600')
    await slideover.getByText('36 new, 0 exist').waitFor()
    await slideover.getByRole('button', { name: 'Add allocations' }).click()
    await page.getByText('1–25 of 36').waitFor()

    const alias = page.getByLabel('Alias of 198.51.100.24:25565', { exact: true })
    await alias.fill('play.kestrel.test')
    await alias.press('Enter')
    await page.getByRole('row', { name: /25565/ }).getByText('Saved').waitFor()

    await page.getByLabel('Select all of this page').click()
    await button('Select all 36').click()
    await page.getByText('36 selected').waitFor()
    await button('Delete allocations').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete allocations' }).click()
    await page.getByText('This node has no ports yet.').waitFor()
  })

  it('is changed although it cannot be told, and then deleted', async () => {
    await page.getByRole('link', { name: 'Settings', exact: true }).last().click()
    await page.getByLabel('Name', { exact: true }).fill('fra-2')
    await button('Save').click()
    await page.getByText('Saved, but the node could not be told.').waitFor()
    await page.getByRole('heading', { name: 'fra-2' }).waitFor()
    expect(await button('Save').count()).toBe(0)

    await button('Actions for fra-2').first().click()
    await page.getByRole('menuitem', { name: 'Delete node' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete node' }).click()
    await page.getByText('No nodes yet.').waitFor()

    await page.getByRole('link', { name: 'Locations' }).click()
    await button('Actions for fra').click()
    await page.getByRole('menuitem', { name: 'Delete location' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete location' }).click()
    await page.getByText('No locations yet.').waitFor()
    expect(realFaults()).toEqual([])
  })
})
