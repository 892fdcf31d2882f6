import { globSync } from 'node:fs'
import pg from 'pg'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium, launchChromium, openPage } from '../support/chromium'
import {
  furnishPanel,
  PANEL_NAME,
  signIn,
  visitorOf,
  type FurnishedPanel,
  type Visitor,
} from '../support/furnished-panel'
import { accessibilityFaults, settle, sidewaysFaults, wordFaults } from '../support/page-check'

type Who = 'stranger' | 'administrator' | 'player'

interface Visit {
  /** As a file of `app/pages` is named, or an address of its own. */
  name: string
  path: () => string
  who: Who
  /** Nuxt itself writes to the console that a page was refused. */
  isRefused?: boolean
}

let panel: FurnishedPanel
let server: { id: number; uuid: string; identifier: string }
let creative: { identifier: string }
let player: { id: string }
let resetPath = ''
let scheduleId = 0
let eggId = 0
let nestId = 0

/** What stands for a parameter of an address. */
const SAMPLES: Record<string, (isAdministration: boolean) => string> = {
  server: (isAdministration) => (isAdministration ? String(server.id) : server.identifier),
  user: () => player.id,
  egg: () => String(eggId),
  nest: () => String(nestId),
  node: () => String(panel.nodeId),
  location: () => '1',
  schedule: () => String(scheduleId),
  '...path': () => 'server.properties',
}

const files = globSync('app/pages/**/*.vue').map((file) => file.slice('app/pages/'.length, -'.vue'.length))
/** What only frames other pages is seen around them. */
const pages = files.filter((file) => !files.some((other) => other.startsWith(`${file}/`))).toSorted()

function visitOf(name: string): Visit {
  const parts = name.split('/').filter((part) => part !== 'index' && !part.startsWith('[['))
  const isAdministration = parts[0] === 'admin'
  for (const part of parts) {
    const [, parameter] = /^\[(.+)\]$/.exec(part) ?? []
    if (parameter && !SAMPLES[parameter]) {
      throw new Error(`app/pages/${name}.vue: SAMPLES says nothing for [${parameter}]`)
    }
  }
  const path = () =>
    `/${parts.map((part) => SAMPLES[/^\[(.+)\]$/.exec(part)?.[1] ?? '']?.(isAdministration) ?? part).join('/')}`
  return { name, path, who: parts[0] === 'auth' && parts[1] !== 'change-password' ? 'stranger' : 'administrator' }
}

const visits: Visit[] = [
  ...pages.map(visitOf),
  { name: 'a link to choose a password', path: () => resetPath, who: 'stranger' },
  { name: 'the API, to a stranger', path: () => '/docs/api', who: 'stranger' },
  { name: 'a folder', path: () => `/servers/${server.identifier}/files/logs`, who: 'administrator' },
  { name: 'a server that is not there', path: () => '/servers/a1b2c3d4', who: 'player' },
  { name: 'an address that is not there', path: () => '/nothing/here', who: 'player', isRefused: true },
  { name: 'the administration, to a player', path: () => '/admin/users', who: 'player', isRefused: true },
]

/** 403 and 404 of what a page asks for are answers, though the browser calls them errors. */
const isAnswer = (fault: string) => /^console: Failed to load resource: .* 40[34] /.test(fault)

beforeAll(async () => {
  if (!hasChromium) {
    return
  }
  panel = await furnishPanel()
  await liftLimits(panel.databaseUrl)
  const { root } = panel
  player = await panel.makePerson('alexis')
  await panel.makePerson('greta', { root_admin: true, language: 'de' })
  await panel.makePerson('jonas', { language: 'de' })
  server = await panel.makeServer({
    name: 'Survival of the very long names that people give to their servers',
    owner: 'alexis',
    starts: true,
  })
  creative = await panel.makeServer({ name: 'Creative', owner: 'jonas' })
  scheduleId = await makeSchedule(root)
  const [egg] = (await root.call('GET /api/application/eggs')).data
  eggId = egg.attributes.id
  nestId = egg.attributes.nest
  const { url } = await root.call(`POST /api/application/users/${player.id}/link`)
  const link = new URL(url)
  resetPath = link.pathname + link.search + link.hash
})
afterAll(() => panel?.stop())

/** One with a task of each kind, and a run in its history: its backup is not made while these pages are looked at. */
async function makeSchedule(root: Visitor): Promise<number> {
  const at = `/api/client/servers/${server.identifier}/schedules`
  const { attributes } = await root.call(`POST ${at}/import`, {
    name: 'Restart at four',
    is_active: true,
    cron_minute: '30',
    cron_hour: '2',
    cron_day_of_month: '*',
    cron_month: '*',
    cron_day_of_week: '1-5',
    time_zone: 'Europe/Berlin',
    tasks: [
      { action: 'command', payload: 'say The server restarts in a minute', time_offset: 0 },
      { action: 'backup', payload: 'cache/', time_offset: 900, continue_on_failure: true },
      { action: 'delete_files', payload: '/logs/*.gz', time_offset: 0 },
      { action: 'power', payload: 'restart', time_offset: 900 },
    ],
  })
  await root.call(`POST ${at}/${attributes.id}/execute`)
  return attributes.id
}

/** No person opens so many pages in a minute. */
async function liftLimits(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  for (const key of ['limits.clientPerMinute', 'limits.applicationPerMinute'])
    await client.query(`insert into settings (key, value, updated_at) values ($1, '100000', now())`, [key])
  await client.query(`select pg_notify('xyra', '{"topic":"settings","told":{}}')`)
  await client.end()
}

const HOSTILE = `"><svg onload=alert(1)><img src=x onerror=alert(1)>`
/** Columns that hold what somebody typed for people to read. */
const TYPED = /(^|_)(name|first|last|description|notes?|memo|reason|title|body|text|label|alias|author|long|agent)$/
const NOT_TYPED = new Set(['username', 'event_name', 'rule_name'])

/** Every text of every row, except where a rule of the database forbids it. */
async function fillWithHostile(databaseUrl: string): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const { rows } = await client.query(
    `select table_name, column_name from information_schema.columns join information_schema.tables using (table_schema, table_name)
     where table_schema = 'public' and table_type = 'BASE TABLE' and data_type in ('text', 'character varying')`,
  )
  const columns = rows.filter(({ column_name: name }) => TYPED.test(name) && !NOT_TYPED.has(name))
  let filled = 0
  for (const { table_name: table, column_name: column } of columns) {
    // Where a name may be there once, each gets its own.
    const set = `update "${table}" set "${column}" = $1 || right(md5(ctid::text), 6)`
    filled += await client.query(set, [HOSTILE]).then(
      ({ rowCount }) => rowCount ?? 0,
      () => 0,
    )
  }
  const told = JSON.stringify({ name: HOSTILE, username: HOSTILE, before: { name: HOSTILE }, after: { name: HOSTILE } })
  await client.query(`update audit_events set metadata = $1`, [told])
  await client.end()
  return filled
}

interface Pass {
  title: string
  language: 'en' | 'de'
  people: Record<Exclude<Who, 'stranger'>, string>
  width: number
  height: number
  colorScheme: 'light' | 'dark'
  /** Whatever people have typed is an attack; before that it is what they would type. */
  isHostile: boolean
}

const passes: Pass[] = [
  {
    title: 'every page, on a phone, dark, in German',
    language: 'de',
    people: { administrator: 'greta', player: 'jonas' },
    width: 390,
    height: 844,
    colorScheme: 'dark',
    isHostile: false,
  },
  {
    title: 'every page, wide, light, in English; sec-14: and what somebody typed is text there',
    language: 'en',
    people: { administrator: 'marta', player: 'alexis' },
    width: 1440,
    height: 900,
    colorScheme: 'light',
    isHostile: true,
  },
]

// Chromium drops what it is loading when a network of the machine comes or goes, as those of containers do.
describe.skipIf(!hasChromium).each(passes)(
  '$title',
  { retry: 2 },
  ({ language, people, width, height, colorScheme, isHostile }) => {
    let browser: Browser
    const windows = new Map<Who, { page: Page; faults: string[] }>()

    async function windowOf(who: Who) {
      const visitor: Visitor = who === 'stranger' ? visitorOf(panel.url) : await signIn(panel.url, people[who])
      const opened = await openPage(browser, panel.url, {
        alsoAt: [panel.wings.url],
        cookies: visitor.cookies(),
        viewport: { width, height },
        colorScheme,
        locale: language === 'de' ? 'de-DE' : 'en-GB',
        hasTouch: width < 640,
      })
      await opened.page.addInitScript(() => {
        document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
          console.error(`policy: ${violatedDirective} ${blockedURI}`),
        )
      })
      opened.page.on('dialog', (dialog) => {
        opened.faults.push(`dialog: ${dialog.message()}`)
        void dialog.dismiss()
      })
      return opened
    }

    beforeAll(async () => {
      if (isHostile) expect(await fillWithHostile(panel.databaseUrl)).toBeGreaterThan(50)
      browser = await launchChromium()
      for (const who of ['stranger', 'administrator', 'player'] as const) {
        windows.set(who, await windowOf(who))
      }
    })
    afterAll(() => browser?.close())

    it.each(visits)('$name', async ({ path, who, isRefused }) => {
      const { page, faults } = windows.get(who)!
      faults.length = 0
      await page.goto(path())
      await settle(page)

      const heading = (await page.locator('h1').first().innerText()).trim()
      expect(heading).not.toBe('')
      expect(await page.title()).toContain(heading)
      expect(await page.title()).toContain(PANEL_NAME)
      expect(await page.locator('html').getAttribute('lang')).toBe(language)
      expect(await wordFaults(page, language)).toEqual([])
      expect(await accessibilityFaults(page)).toEqual([])
      expect(await page.locator('img[src="x"], svg[onload], [onerror]').count()).toBe(0)
      if (width < 640) {
        expect(await sidewaysFaults(page)).toEqual([])
        await page.setViewportSize({ width: 320, height: 640 })
        expect(await sidewaysFaults(page)).toEqual([])
        await page.setViewportSize({ width, height })
      }
      expect(faults.filter((fault) => !isAnswer(fault) && !(isRefused && fault === 'console: [NUXT_E1005]'))).toEqual(
        [],
      )
    })

    it('a backup that a player makes, sees finish, and deletes', async () => {
      const { page } = windows.get('player')!
      const [create, menu, remove, done] =
        language === 'de'
          ? ['Backup anlegen', 'Aktionen für Probe', 'Löschen', 'Fertig']
          : ['Create backup', 'Actions for Probe', 'Delete', 'Done']
      await page.goto(`/servers/${language === 'de' ? creative.identifier : server.identifier}/backups`)
      await page.getByRole('button', { name: create }).click()
      await page.getByLabel('Name').fill('Probe')
      expect(await accessibilityFaults(page)).toEqual([])
      await page.getByRole('dialog').getByRole('button', { name: create }).click()
      await page.getByText(done, { exact: true }).filter({ visible: true }).first().waitFor()
      await page.getByRole('button', { name: menu }).click()
      await page.getByRole('menuitem', { name: remove }).click()
      await page.getByRole('dialog').getByRole('button', { name: remove }).click()
      await page.getByRole('button', { name: menu }).waitFor({ state: 'detached' })
    })

    if (!isHostile) return
    it('and what somebody typed is there to be seen', async () => {
      const { page } = windows.get('administrator')!
      await page.goto(`/admin/servers/${server.id}`)
      await page.getByText(HOSTILE).first().waitFor()
    })
  },
)
