import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium, launchChromium, openPage } from '../support/chromium'
import { furnishPanel, signIn, type FurnishedPanel } from '../support/furnished-panel'
import { settle } from '../support/page-check'
import { TEST_SECRET } from '../support/panel'

/** Who is shown which control. The API refuses the rest in any case: `tests/integration/authorization-matrix.test.ts`. */
const TABLE = `
                                            owner helper reader watcher
console  link     Console                   x     x      x      x
console  link     Files                     x     x      x      -
console  textbox  Command                   x     x      -      -
console  button   Restart                   x     x      -      -
console  button   Stop                      x     x      -      -
files    searchbox Search_this_folder       x     x      x      -
files    link     server.properties         x     x      x      -
files    button   New                       x     x      -      -
files    button   Upload                    x     x      -      -
menu     menuitem Download                  x     x      x      -
menu     menuitem Rename                    x     x      -      -
menu     menuitem Duplicate                 x     x      -      -
menu     menuitem Archive                   x     x      -      -
menu     menuitem Delete                    x     x      -      -
bulk     button   Move                      x     x      -      -
bulk     button   Archive                   x     x      -      -
bulk     button   Delete                    x     x      -      -
editor   textbox  server.properties         x     x      x      -
editor   button   Save                      x     x      -      -
`

const [people = [], ...rows] = TABLE.trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/))
const places = [...new Set(rows.map(([place = '']) => place))]

describe.skipIf(!hasChromium)('controls of the server pages', { retry: 2 }, () => {
  let panel: FurnishedPanel
  let browser: Browser
  let server: { id: number; identifier: string }
  const windows = new Map<string, { page: Page; faults: string[] }>()

  beforeAll(async () => {
    ;[panel, browser] = await Promise.all([furnishPanel(), launchChromium()])
    const made = await Promise.all(people.map((username) => panel.makePerson(username)))
    server = await panel.makeServer({ name: 'Survival', owner: 'owner', starts: true })
    await letIn(Object.fromEntries(made.map(({ id, username }) => [username, id])))
    for (const username of people) {
      const cookies = (await signIn(panel.url, username)).cookies()
      const opened = await openPage(browser, panel.url, {
        alsoAt: [panel.wings.url],
        cookies,
        locale: 'en-GB',
        viewport: { width: 1440, height: 900 },
      })
      windows.set(username, opened)
    }
  })
  afterAll(async () => {
    await browser?.close()
    await panel?.stop()
  })

  /** With all rights, with those to read, and with none but to watch. */
  async function letIn(idOf: Record<string, string>) {
    Object.assign(process.env, { DATABASE_URL: panel.databaseUrl, APP_SECRET: TEST_SECRET })
    const [{ makeSubuser }, { closeDatabase }, { SERVER_PERMISSIONS }] = await Promise.all([
      import('../support/factories'),
      import('#server/database/client'),
      import('#shared/permissions'),
    ])
    const rights = {
      helper: SERVER_PERMISSIONS,
      reader: ['control.start', 'file.read', 'file.read-content'],
      watcher: [],
    }
    for (const [username, permissions] of Object.entries(rights)) {
      await makeSubuser(String(server.id), { userId: idOf[username], permissions })
    }
    await closeDatabase()
  }

  const open: Record<string, (page: Page) => Promise<void>> = {
    async console(page) {
      await page.goto(`/servers/${server.identifier}`)
      await page.getByText('Direct to node').waitFor()
      await page.locator('[data-state="running"]:visible').first().waitFor()
    },
    async files(page) {
      await page.goto(`/servers/${server.identifier}/files`)
      await settle(page)
    },
    async menu(page) {
      await open.files!(page)
      const actions = page.getByRole('button', { name: 'Actions for server.properties' })
      if (await actions.count()) {
        await actions.click()
        await page.getByRole('menu').waitFor()
      }
    },
    async bulk(page) {
      await open.files!(page)
      const box = page.getByRole('checkbox', { name: 'Select server.properties' })
      if (await box.count()) {
        await box.click()
        await page.getByText('1 selected').waitFor()
      }
    },
    async editor(page) {
      await page.goto(`/servers/${server.identifier}/edit/server.properties`)
      await settle(page)
      await page.locator('.cm-content, [role="alert"]').first().waitFor()
    },
  }

  describe.each(people)('for the %s', (username) => {
    it.each(places)('%s', async (place) => {
      const { page, faults } = windows.get(username)!
      await open[place]!(page)

      const shown: Record<string, string> = {}
      const expected: Record<string, string> = {}
      for (const [, role = '', name = '', ...cells] of rows.filter(([of]) => of === place)) {
        const control = page.getByRole(role as 'button', { name: name.replaceAll('_', ' '), exact: true })
        shown[`${role} ${name}`] = (await control.filter({ visible: true }).count()) > 0 ? 'x' : '-'
        expected[`${role} ${name}`] = cells[people.indexOf(username)]!
      }
      expect(shown).toEqual(expected)
      expect(faults.filter((fault) => !fault.includes('status of 403'))).toEqual([])
    })
  })

  it('a watcher is told who can let him see the files', async () => {
    const { page } = windows.get('watcher')!
    await open.files!(page)
    await page.getByText('You may not see the files of this server.').waitFor()
    expect(await page.locator('main').innerText()).toContain('owner')
  })

  it('a reader cannot type into a file', async () => {
    const { page } = windows.get('reader')!
    await open.editor!(page)
    const before = await page.locator('.cm-content').innerText()
    await page.locator('.cm-content').click()
    await page.keyboard.type('changed')
    expect(await page.locator('.cm-content').innerText()).toBe(before)
    await page.getByText('You may read this file.').waitFor()
  })
})
