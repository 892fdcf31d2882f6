import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import type { UserRow } from '#server/database/schema'
import { sendResetLink } from '#server/services/users/send-reset-link'
import keys from '../../fixtures/ssh-keys.json' with { type: 'json' }
import { nobody, request, signedInAs, type Caller, type Loose } from '../../support/api'
import { openBrowser } from '../../support/browser'
import { makeAllocation, makeEgg, makeRootAdmin, makeUser } from '../../support/factories'
import { codeOf } from '../../support/one-time-codes'
import {
  connectNode,
  createServer,
  eventually,
  panelWithNode,
  statusOf,
  type PanelWithNode,
} from '../../support/panel-with-node'
import { changeSettings } from '../../support/settings'
import { ENDPOINTS, NOT_OURS } from './endpoints'
import { PASSWORD, type As, type Known, type Row, type Stage } from './row'
import { judgeObject } from './shape-of'
import { SHAPES } from './shapes'

/*
 * Every documented endpoint, called as a client calls it, one after the other: its status, the name of what it answers,
 * and each documented attribute in its place with its type. That nothing undocumented by its contract is answered, the
 * corridor itself holds in tests.
 */

const verdicts = new Map<string, string>()
const additions = new Set<string>()
const seen = new Set<string>()

let panel: PanelWithNode
let callers: Record<As, Caller>
let guest: UserRow
let browser: Awaited<ReturnType<typeof openBrowser>>
const known: Known = {}

beforeAll(async () => {
  panel = await panelWithNode('pterodactyl', {
    remoteFiles: { 'https://203.0.113.7/map.zip': 'a map' },
    upForMs: 60_000,
  })
  const { wings: _, nodeId: targetNode } = await connectNode()
  await changeSettings({ 'limits.clientPerMinute': 100_000, 'limits.applicationPerMinute': 100_000 })
  const owner = await makeUser({}, { password: PASSWORD })
  guest = await makeUser({}, { password: PASSWORD })
  browser = await openBrowser()
  callers = {
    nobody,
    owner: await signedInAs(owner),
    root: await signedInAs(await makeRootAdmin()),
    guest: browser,
  }
  const database = new URL(process.env.DATABASE_URL ?? '')
  for (let index = 0; index < 4; index += 1) await makeAllocation(panel.nodeId)
  Object.assign(known, {
    guest: guest.username,
    guestEmail: guest.email,
    ownerId: Number(owner.id),
    egg: Number(panel.egg.id),
    nest: Number(panel.egg.nestId),
    node: Number(panel.nodeId),
    targetNode: Number(targetNode),
    image: panel.egg.dockerImage,
    startup: panel.egg.startup,
    allocation: Number(panel.allocation.id),
    external: 'billing-7',
    sshKey: keys[0]?.line,
    eggFile: readFileSync('tests/fixtures/eggs/ptdl-v2.json', 'utf8'),
    databaseServer: {
      host: database.hostname,
      port: Number(database.port),
      username: decodeURIComponent(database.username),
      password: decodeURIComponent(database.password),
    },
  })
})
afterAll(() => panel.wings.stop())

const stage: Stage = {
  codeOf,
  resetToken: async () => (await useDrizzle().transaction((tx) => sendResetLink(tx, guest)))?.split('#')[1] ?? '',
  settled: async () => {
    await eventually(statusOf(callers.root, known.server as string), (status) => status === null)
  },
  backedUp: async (uuid) => {
    const path = `GET /api/client/servers/${known.server}/backups/${uuid}`
    await eventually(
      () => request(path, { as: callers.owner }),
      ({ body }) => body.attributes.is_successful === true,
    )
  },
  freeAllocation: async () => Number((await makeAllocation(String(known.targetNode))).id),
  async secondFactor(all) {
    const as = await signedInAs(guest)
    const { body } = await request('GET /api/client/account/two-factor', { as })
    const code = await codeOf(body.data.secret)
    await request('POST /api/client/account/two-factor', { as, body: { code, password: PASSWORD } })
    const begun = await browser.send('POST /auth/login', { user: guest.username, password: PASSWORD })
    // Each code works once.
    Object.assign(all, {
      confirmation: begun.body.data.confirmation_token,
      code: await codeOf(body.data.secret, 1),
    })
  },
  async running() {
    await eventually(
      async () => panel.wings.server(known.uuid as string).state,
      (state) => state === 'running',
    )
  },
  async primaryAgain() {
    const path = `/api/client/servers/${known.server}/network/allocations/${known.allocation}/primary`
    await request(`POST ${path}`, { as: callers.owner })
  },
  selfService: () => changeSettings({ 'allocations.selfService': true }),
  async unlocked() {
    await request(`POST /api/client/servers/${known.server}/backups/${known.backup}/lock`, { as: callers.owner })
  },
  async anotherServer(all) {
    const { id } = await makeAllocation(panel.nodeId)
    const { body } = await createServer(panel, { allocation: { default: Number(id) } })
    Object.assign(all, { managed: body.attributes.id, server: body.attributes.identifier })
    await stage.settled()
  },
  emptyEgg: async () => {
    const { id, uuid } = await makeEgg()
    return { id, uuid }
  },
}

/** What stands in a path, by the tree and what has been made so far. */
function pathOf({ endpoint, query }: Row): string {
  const [, pattern = ''] = endpoint.split(' ')
  const isManaged = pattern.startsWith('/api/application')
  const isMade = /^\/api\/application\/(nodes|users|eggs)\/:/.test(pattern)
  const values: Record<string, Loose> = {
    ...known,
    ...(isManaged && { server: known.managed, database: known.managedDatabase, user: known.madeUser }),
    ...(!isManaged && { user: known.subuser, allocation: known.added }),
    ...(isMade && { node: known.madeNode, egg: known.madeEgg ?? known.egg }),
    ...(pattern.endsWith('/allocations/:allocation') && isManaged && { allocation: known.madeAllocation }),
    uuid: known.eggUuid,
  }
  return pattern.replace(/:(\w+)/g, (_, name: string) => String(values[name])) + (query ? `?${query}` : '')
}

const at = (reply: Loose, path: string) => path.split('.').reduce<Loose>((part, key) => part?.[key], reply)

async function verdictOn(row: Row): Promise<string[]> {
  await row.before?.(known, stage)
  const [method] = row.endpoint.split(' ')
  const body = row.body?.(known)
  const send = (path: string) =>
    row.as === 'guest'
      ? browser.send(`${method} ${path}`, body)
      : request(`${method} ${path}`, { as: callers[row.as ?? 'nobody'], body })
  const reply = await send(pathOf(row))

  const faults: string[] = []
  if (reply.status !== (row.status ?? 200)) return [`${reply.status} ${JSON.stringify(reply.body)?.slice(0, 300)}`]
  row.learns?.(reply.body, known)
  if (row.answers === undefined) {
    if (reply.body !== undefined) faults.push('has a body')
    if (reply.headers.get('content-type')) faults.push('has a content type')
    return faults
  }
  if (row.answers === '{}') {
    if (reply.body?.object !== undefined) faults.push('has an envelope')
  } else if (row.answers === '[]') {
    if (JSON.stringify(reply.body) !== '[]') faults.push('is no empty list')
  } else if (row.answers.startsWith('list')) {
    const of = row.answers.slice('list of '.length)
    if (reply.body?.object !== 'list' || !Array.isArray(reply.body.data)) faults.push('is no list')
    else if (of && reply.body.data.length === 0) faults.push('is empty, and shows nothing')
    else if (reply.body.data.some(({ object }: Loose) => object !== of)) faults.push(`is no ${row.answers}`)
  } else if (typeof reply.body === 'string') {
    if (reply.body !== row.answers) faults.push(`answers ${reply.body}`)
  } else if (reply.body?.object !== row.answers) faults.push(`is no ${row.answers}`)

  for (const path of row.beside ?? []) if (at(reply.body, path) === undefined) faults.push(`has no ${path}`)
  const tree = row.endpoint.includes('/api/application') ? 'application' : 'client'
  const judged = judgeObject(reply.body, tree, row.variant)
  for (const addition of judged.additions) additions.add(`${tree} ${addition}`)
  note(reply.body, tree)
  return [...faults, ...judged.faults]
}

/** Which of the documented objects were answered at all. */
function note(reply: Loose, tree: string): void {
  if (typeof reply !== 'object' || reply === null) return
  if (typeof reply.object === 'string') seen.add(`${tree} ${reply.object}`)
  for (const inner of Object.values(reply)) note(inner, tree)
}

describe('what is documented', () => {
  it.each(ENDPOINTS)('$endpoint', async (row) => {
    verdicts.set(row.endpoint, 'failed')
    const faults = await verdictOn(row)
    verdicts.set(row.endpoint, faults.length === 0 ? 'ok' : faults.join('; '))
    expect(faults).toEqual([])
  })

  it.each(['client', 'application'])(
    'OPTIONS /api/%s: pages of other addresses, where an address is allowed',
    async (tree) => {
      const name = `OPTIONS /api/${tree}`
      verdicts.set(name, 'failed')
      await changeSettings({ 'api.corsOrigins': 'https://app.example.test' } as never)
      const ask = (origin: string) =>
        request(`OPTIONS /api/${tree}`, { headers: { origin, 'access-control-request-method': 'GET' } })
      const allowed = await ask('https://app.example.test')
      expect(allowed.headers.get('access-control-allow-origin')).toBe('https://app.example.test')
      expect(allowed.headers.get('access-control-allow-credentials')).toBe('true')
      expect((await ask('https://elsewhere.example')).headers.get('access-control-allow-origin')).toBeNull()
      verdicts.set(name, 'ok')
    },
  )

  it('answered each documented object at least once', () => {
    const silent = SHAPES.map(({ tree, object }) => `${tree} ${object}`).filter((name) => !seen.has(name))
    expect(silent).toEqual([])
  })
})

afterAll(() => {
  const width = Math.max(...[...verdicts.keys()].map((name) => name.length))
  const lines = [...verdicts].map(([name, verdict]) => `${name.padEnd(width)} … ${verdict}`)
  const isOk = [...verdicts.values()].filter((verdict) => verdict === 'ok').length
  process.stdout.write(
    [
      '',
      ...lines,
      ...Object.values(NOT_OURS).map((reason) => `not ours: ${reason}`),
      `beyond what is documented: ${[...additions].toSorted().join(', ')}`,
      `${verdicts.size} endpoints, ${isOk} ok`,
      '',
    ].join('\n'),
  )
})
