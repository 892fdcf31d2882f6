import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createApp, createRouter, defineEventHandler, setResponseStatus, toNodeListener } from 'h3'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { wingsNodes } from '#server/database/schema'
import type { Route } from '#server/http/define-route'
import { replyWithFailure } from '#server/http/reply'
import { ADMIN_RESOURCES, KEY_RESOURCES, LEVEL, type AdminResource, type Grants, type Level } from '#shared/permissions'
import { nobody, signedInAs, withKey, type Caller } from '../support/api'
import { makeAdministrator, makeApiKey, makeNode, makeUser } from '../support/factories'
import { routeFiles, signatureOf } from '../support/routes'
import { changeSettings } from '../support/settings'
import { makeKey, makeWorld, type World } from '../support/world'

/*
 * Who gets past the door of which route of the administration: tried, not read off. The doors are the routes' own guards,
 * without what lies behind them, so that a right that deletes may be tried too. The table is checked in: a route that asks
 * for something else, or for nothing, is seen in it. `UPDATE=1` writes it anew.
 */
const DOCUMENT = new URL('../../docs/ADMINISTRATION_MATRIX.md', import.meta.url)
/** What only looks: at what would come of it, and at the node itself. */
const LOOKING = [
  'POST /api/application/nodes/:node/allocations/preview',
  'POST /api/application/nodes/:node/check',
  'POST /api/application/nodes/:node/check/browser',
]

const AT_ONCE = 12
const LEVELS = Object.keys(LEVEL) as Level[]
type Right = `${AdminResource} ${Level}`
const RIGHTS = ADMIN_RESOURCES.flatMap((resource) => LEVELS.map((level): Right => `${resource} ${level}`))

interface Door {
  method: string
  path: string
  route: Route
}
let doors: Door[]
let world: World
let address: string
const server = createServer()

const grantsOf = (right: Right): Grants => {
  const [resource, level] = right.split(' ') as [AdminResource, Level]
  return { [resource]: LEVEL[level] }
}
const all = Object.fromEntries(ADMIN_RESOURCES.map((resource) => [resource, 3])) as Record<AdminResource, number>
/** All but the rights of which any one opens. */
const allButOf = (rights: readonly Right[]): Grants =>
  rights.reduce<Grants>((left, right) => {
    const [resource, level] = right.split(' ') as [AdminResource, Level]
    return { ...left, [resource]: (left[resource] ?? 0) & ~LEVEL[level] }
  }, all)
const carriable = (grants: Grants): Grants =>
  Object.fromEntries(Object.entries(grants).filter(([resource]) => (KEY_RESOURCES as string[]).includes(resource)))

beforeAll(async () => {
  world = await makeWorld()
  await changeSettings({ 'limits.clientPerMinute': 1_000_000, 'limits.applicationPerMinute': 1_000_000 })
  const served = Object.entries(routeFiles).map(([file, load]) => ({ ...signatureOf(file), load }))
  doors = await Promise.all(
    served
      .filter(({ path }) => path.startsWith('/api/application'))
      .map(async ({ method = '', path, load }) => ({ method, path, route: (await load()).default as Route })),
  )
  doors.sort((a, b) => a.path.localeCompare(b.path, 'en') || a.method.localeCompare(b.method, 'en'))

  const router = createRouter()
  for (const { method, path, route } of doors)
    router.add(
      path,
      defineEventHandler(async (event) => {
        try {
          await route.access(event)
        } catch (refusal) {
          return replyWithFailure(event, refusal)
        }
        setResponseStatus(event, 204)
        return null
      }),
      method.toLowerCase() as 'get',
    )
  server.on('request', toNodeListener(createApp().use(router)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => void server.close())

async function knock({ method, path }: Door, as: Caller): Promise<string> {
  const { status } = await fetch(`${address}${world.path(path)}`, {
    method,
    headers: { ...as.headers, ...(as.headers.cookie && { origin: address }) },
  })
  return status === 204 ? 'in' : String(status)
}

/** The answers to one caller, door by door. */
async function answers(callerOf: (door: Door) => Caller | undefined): Promise<string[]> {
  const found: string[] = []
  const waiting = doors.entries()
  const work = async () => {
    for (const [place, door] of waiting) {
      const as = callerOf(door)
      found[place] = as ? await knock(door, as) : '–'
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return found
}

/** One caller for each right, or for each set of rights of which any one opens; made once. */
async function byRight(
  make: (right: Right, rights: readonly Right[]) => Promise<Caller>,
): Promise<(door: Door) => Caller | undefined> {
  const asked = new Map(doors.map(({ route }) => [String(rightsOf(route)), rightsOf(route)]))
  const callers = new Map(
    await Promise.all(
      [...asked].map(async ([name, rights]) => [name, await make(rights[0] as Right, rights)] as const),
    ),
  )
  return ({ route }) => callers.get(String(rightsOf(route)))
}
const rightsOf = ({ access: { asks } }: Route): Right[] =>
  RIGHTS.filter((right) => asks?.resources.some((resource) => right === `${resource} ${asks.level}`))

it('every route asks for a right, and the table says which', { timeout: 300_000 }, async () => {
  expect(doors.filter(({ route }) => !route.access.asks).map(({ path }) => path)).toEqual([])
  // What reads is asked for with GET; whatever else changes something, and asks for more.
  const reading = doors.filter(({ method, route }) => method !== 'GET' && route.access.asks?.level !== 'write')
  expect(reading.map(({ method, path }) => `${method} ${path}`)).toEqual(LOOKING)

  const opening = doors.map((): Right[] => [])
  for (const right of RIGHTS) {
    const as = await signedInAs(await makeAdministrator(grantsOf(right)))
    for (const [place, answer] of (await answers(() => as)).entries()) if (answer === 'in') opening[place]?.push(right)
  }
  // None opens by another right than it names, and each opens by that.
  expect(doors.map(({ path }, place) => [path, opening[place]])).toEqual(
    doors.map(({ path, route }) => [path, rightsOf(route)]),
  )

  const elsewhere = await makeNode()
  const { root } = world.users
  const limitedTo = (nodeId: string) => async (right: Right) =>
    signedInAs(await makeAdministrator(grantsOf(right), { nodeIds: [nodeId] }))
  const ofHolder = (right: Right, narrowing: object = {}) =>
    makeAdministrator(grantsOf(right)).then(async ({ id }) => withKey((await makeApiKey(id, narrowing)).token))
  const deploy = await makeApiKey(root.id, {
    kind: 'deploy',
    nodeId: world.node.id,
    remaining: 1_000_000,
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    // More than the panel gives any.
    permissions: carriable(all),
  })

  const columns: Record<string, string[]> = {
    root: await answers(() => world.callers.root),
    'with the right': await answers(
      await byRight(async (right) => signedInAs(await makeAdministrator(grantsOf(right)))),
    ),
    'all but it': await answers(
      await byRight(async (_, rights) => signedInAs(await makeAdministrator(allButOf(rights)))),
    ),
    'with it, on this node': await answers(await byRight(limitedTo(world.node.id))),
    'with it, on another node': await answers(await byRight(limitedTo(elsewhere.id))),
    'application key with it': await answers(await byRight((right) => makeKey(root, carriable(grantsOf(right))))),
    'application key with all but it': await answers(
      await byRight((_, rights) => makeKey(root, carriable(allButOf(rights)))),
    ),
    'account key with it': await answers(await byRight((right) => ofHolder(right))),
    'account key for some servers': await answers(
      await byRight((right) => ofHolder(right, { permissions: { servers: [], permissions: null } })),
    ),
    'deploy key': await answers(() => withKey(deploy.token)),
    player: await answers(() => world.callers.stranger),
    nobody: await answers(() => nobody),
  }

  const table = printed(columns)
  if (process.env.UPDATE) writeFileSync(DOCUMENT, table)
  expect(readFileSync(DOCUMENT, 'utf8')).toBe(table)
})

it('a role whose last node is gone opens no node and no server', async () => {
  const gone = await makeNode()
  const as = await signedInAs(await makeAdministrator(all, { nodeIds: [gone.id] }))
  await useDrizzle().delete(wingsNodes).where(eq(wingsNodes.id, gone.id))
  const found = await answers(() => as)
  const scoped = doors.flatMap(({ path }, place) =>
    /^\/api\/application\/(nodes\/:node|servers\/:server)\b/.test(path) ? [found[place]] : [],
  )
  expect(new Set(scoped)).toEqual(new Set(['404']))
  expect((await makeUser()).role).toBe('user')
})

const INTRODUCTION = `# Who may do what in the administration

Each route of \`/api/application\` asks for a right: to read or to write one kind of thing; of several, any one opens. It is
held by roles, several of which add up, and by root administrators; a key takes away from what its owner holds. This table is
made by trying every door with every single right and every kind of caller, and a test holds it
(\`UPDATE=1 npx vitest run --project integration tests/integration/administration-matrix.test.ts\` writes it anew).

\`in\` is let through; a number is the answer at the door. A thing on a node that somebody's roles do not reach does not exist
for him: 404. Where no node is named in the path, a list shows and a change touches only what lies on the nodes that are
reached.
`

function printed(columns: Record<string, string[]>): string {
  const names = Object.keys(columns)
  const row = (cells: string[]) => `| ${cells.join(' | ')} |`
  return [
    INTRODUCTION,
    row(['route', 'right', ...names]),
    row(['---', '---', ...names.map(() => '---')]),
    ...doors.map(({ method, path, route }, place) =>
      row([
        `\`${method} ${path.replace('/api/application', '')}\``,
        rightsOf(route).join(', '),
        ...names.map((name) => columns[name]?.[place] ?? ''),
      ]),
    ),
    '',
  ].join('\n')
}
