import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createApp, createRouter, defineEventHandler, setResponseStatus, toNodeListener } from 'h3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eq } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { users, type ServerRow } from '#server/database/schema'
import type { Admission, Route } from '#server/http/define-route'
import { replyWithFailure } from '#server/http/reply'
import {
  ADMIN_RESOURCES,
  KEY_RESOURCES,
  LEVEL,
  SERVER_PERMISSIONS,
  type AdminResource,
  type Grants,
  type ServerPermission,
} from '#shared/permissions'
import { asNode, nobody, signedInAs, withKey, type Caller } from '../support/api'
import {
  makeAdministrator,
  makeApiKey,
  makeCredential,
  makeRootAdmin,
  makeServer,
  makeSubuser,
  makeTransfer,
  makeUser,
} from '../support/factories'
import { routeFiles, routesUrl, signatureOf } from '../support/routes'
import { changeSettings } from '../support/settings'
import { makeKey, makeWorld, type World } from '../support/world'

/*
 * Who gets past the door of which route, of all there are. Who should be refused is tried at the route itself, who should
 * be let in at its guard, without what lies behind it, so that what deletes is tried like everything else. Each answer must
 * be the one that follows from what the guard says of itself, and the table is checked in: a route that lets in somebody
 * else than before is seen in it. `UPDATE=1` writes it anew, and whoever does that reads what it changed.
 */
const DOCUMENT = new URL('../../docs/AUTHORIZATION_MATRIX.md', import.meta.url)
const PASSWORD = 'correct horse battery'
const AT_ONCE = 12

interface Door {
  method: string
  path: string
  access: Route['access']
  admits: Admission
}

let doors: Door[]
let world: World
/** On its way to the target node. */
let moving: ServerRow
/** Where the routes answer, and where their guards do without them. */
const addresses = { route: '', guard: '' }
const guards = createServer()

beforeAll(async () => {
  world = await makeWorld()
  moving = await makeServer()
  await makeTransfer(moving, { targetNodeId: world.targetNode.id, status: 'requested' })
  await changeSettings({ 'limits.clientPerMinute': 1_000_000, 'limits.applicationPerMinute': 1_000_000 })
  // Some doors ask for the password as well.
  for (const { id } of Object.values(world.users)) await makeCredential(id, PASSWORD)

  const served = Object.entries(routeFiles).map(([file, load]) => ({ ...signatureOf(file), load }))
  doors = await Promise.all(
    served.flatMap(({ method, path, load }) =>
      method
        ? [
            load().then(({ default: route }) => {
              const { access } = route as Route
              return { method, path, access, admits: access.admits as Admission }
            }),
          ]
        : [],
    ),
  )
  doors.sort((a, b) => a.path.localeCompare(b.path, 'en') || a.method.localeCompare(b.method, 'en'))

  const router = createRouter()
  for (const { method, path, access } of doors)
    router.add(
      path,
      defineEventHandler(async (event) => {
        try {
          await access(event)
        } catch (refusal) {
          return replyWithFailure(event, refusal)
        }
        setResponseStatus(event, 204)
        return null
      }),
      method.toLowerCase() as 'get',
    )
  guards.on('request', toNodeListener(createApp().use(router)))
  await new Promise<void>((resolve) => guards.listen(0, '127.0.0.1', resolve))
  addresses.guard = `http://127.0.0.1:${(guards.address() as AddressInfo).port}`
  addresses.route = await routesUrl()
})
afterAll(() => void guards.close())

/** Enough for the doors that look into it. */
const BODY = JSON.stringify({ password: PASSWORD, current_password: PASSWORD, signal: 'start', permissions: [] })

interface Column {
  as: (door: Door) => Promise<Caller> | Caller
  expected: Expected
  /** Of what is on its way to this caller, the server is asked about. */
  isTarget?: true
}

async function knock(door: Door, { as, expected, isTarget }: Column): Promise<string> {
  const { method, path } = door
  const address = expected(door) === IN ? addresses.guard : addresses.route
  const asked = isTarget ? path.replace('/remote/servers/:server', `/remote/servers/${moving.uuid}`) : path
  const { headers } = await as(door)
  const { status, body } = await fetch(`${address}${world.path(asked)}`, {
    method,
    headers: {
      ...headers,
      ...(headers.cookie && { origin: address }),
      ...(method !== 'GET' && { 'content-type': 'application/json' }),
    },
    ...(method !== 'GET' && { body: BODY }),
  })
  await body?.cancel()
  return status === 204 ? IN : String(status)
}

/** The answers to one caller, door by door. */
async function answers(column: Column): Promise<string[]> {
  const found: string[] = []
  const waiting = doors.entries()
  const work = async () => {
    for (const [place, door] of waiting) found[place] = await knock(door, column)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return found
}

/** Where the answers are others than those that follow from what the guards say. */
const surprising = (found: Record<string, string[]>, columns: Record<string, Column>) =>
  Object.entries(columns).flatMap(([name, { expected }]) =>
    doors.flatMap((door, place) => {
      const answer = found[name]?.[place] ?? ''
      const wanted = expected(door)
      return answer === wanted ? [] : [`${name}: ${door.method} ${door.path} is ${answer} instead of ${wanted}`]
    }),
  )

async function tried(columns: Record<string, Column>): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {}
  for (const [name, column] of Object.entries(columns)) found[name] = await answers(column)
  return found
}

/** Made once for each set of names, whoever asks for it. */
function once<Name extends string>(make: (names: readonly Name[]) => Promise<Caller>) {
  const callers = new Map<string, Promise<Caller>>()
  return (names: readonly Name[]): Promise<Caller> => {
    const key = names.join()
    const caller = callers.get(key) ?? make(names)
    callers.set(key, caller)
    return caller
  }
}

const permissionsOf = ({ admits }: Door): readonly ServerPermission[] =>
  admits.who === 'server' ? admits.permissions : []
const LEAST: readonly ServerPermission[] = ['websocket.connect']
const isUsual = (permissions: readonly ServerPermission[]) =>
  permissions === LEAST || permissions.length === SERVER_PERMISSIONS.length
const subuserWith = async (permissions: readonly ServerPermission[]) => {
  const user = await makeUser()
  // Whoever also knocks where nothing is asked for: some of those doors want the password.
  if (isUsual(permissions)) await makeCredential(user.id, PASSWORD)
  await makeSubuser(world.server.id, { userId: user.id, permissions: [...permissions] })
  return signedInAs(user)
}

const everything = (level: number) =>
  Object.fromEntries(ADMIN_RESOURCES.map((resource) => [resource, level])) as Record<AdminResource, number>
const onKey = (level: number) => Object.fromEntries(KEY_RESOURCES.map((resource) => [resource, level]))

/** The rights of which any one opens: as `resource level`. Elsewhere than in the administration an administrator holds all. */
const rightsOf = ({ access: { asks } }: Door): string[] =>
  asks ? asks.resources.map((resource) => `${resource} ${asks.level}`) : []
function grantsOf(rights: readonly string[]): Grants {
  if (rights.length === 0) return everything(3)
  const [resource, level] = (rights[0] as string).split(' ') as [AdminResource, keyof typeof LEVEL]
  return { [resource]: LEVEL[level] }
}
const grantsBut = (rights: readonly string[]): Grants =>
  rights.length === 0
    ? { announcements: 1 }
    : rights.reduce<Grants>((left, right) => {
        const [resource, level] = right.split(' ') as [AdminResource, keyof typeof LEVEL]
        return { ...left, [resource]: (left[resource] ?? 0) & ~LEVEL[level] }
      }, everything(3))

type Expected = (door: Door) => string
const IN = 'in'
/** By what a guard says of itself; where nobody else than `special` is let in otherwise. */
const by =
  (answersTo: Record<Exclude<Admission['who'], 'anyone'>, Expected | string>): Expected =>
  (door) => {
    if (door.admits.who === 'anyone') return IN
    const answer = answersTo[door.admits.who]
    return typeof answer === 'string' ? answer : answer(door)
  }
const isBrowserOnly = ({ admits }: Door) => 'isBrowserOnly' in admits && admits.isBrowserOnly === true
const hasPermission = (door: Door) => permissionsOf(door).length > 0
const keyOpens =
  (level: number): Expected =>
  (door) => {
    const { asks } = door.access
    const carries = asks?.resources.some(
      (resource) => (KEY_RESOURCES as AdminResource[]).includes(resource) && (level & LEVEL[asks.level]) !== 0,
    )
    return carries && !isBrowserOnly(door) ? IN : '403'
  }
const signedIn = (server: Expected | string, administrator: Expected | string): Expected =>
  by({ person: IN, server, administrator, node: '401' })
const aNode = (node: Expected): Expected => by({ person: '401', server: '401', administrator: '401', node })
const keyed = (administrator: Expected): Expected => by({ person: '403', server: '403', administrator, node: '400' })
const inBrowser: Expected = (door) => (isBrowserOnly(door) ? '403' : IN)
/** To a node's routes every key is a header that is none of a node. */
const byAccountKey = (administrator: Expected | string): Expected =>
  by({ person: inBrowser, server: IN, administrator, node: '400' })
const AS_NOBODY = by({ person: '401', server: '401', administrator: '401', node: '401' })

/** What is open to every node, whoever is at home where. */
const ofNoServer = ({ path }: Door) => !path.includes(':')
/** What the target of a transfer is told of the server that is coming. */
const TOLD_TO_TARGET = /^\/api\/remote\/servers\/:server(\/transfer\/(success|failure))?$/

it('every route says whom it lets in, and lets in nobody else', { timeout: 300_000 }, async () => {
  expect(doors.filter(({ admits }) => !admits).map(({ path }) => path)).toEqual([])

  const { owner, root } = world.users
  const subuser = once(subuserWith)
  const administratorBy = (grantsFor: (rights: readonly string[]) => Grants) =>
    once(async (rights: readonly string[]) => {
      const user = await makeAdministrator(grantsFor(rights))
      if (rights.length === 0) await makeCredential(user.id, PASSWORD)
      return signedInAs(user)
    })
  const administrator = administratorBy(grantsOf)
  const otherAdministrator = administratorBy(grantsBut)
  const [accountKey, rootsKey] = [
    withKey((await makeApiKey(owner.id)).token),
    withKey((await makeApiKey(root.id)).token),
  ]
  const keys = await Promise.all([{}, onKey(1), onKey(2), onKey(3)].map((carried) => makeKey(root, carried as Grants)))

  const columns: Record<string, Column> = {
    nobody: { as: () => nobody, expected: AS_NOBODY },
    stranger: { as: () => world.callers.stranger, expected: signedIn('404', '403') },
    'subuser without': {
      as: (door) => {
        const asked = permissionsOf(door)
        return subuser(hasPermission(door) ? SERVER_PERMISSIONS.filter((name) => !asked.includes(name)) : LEAST)
      },
      expected: signedIn((door) => (hasPermission(door) ? '403' : IN), '403'),
    },
    'subuser with': {
      as: (door) => subuser(hasPermission(door) ? permissionsOf(door) : [...SERVER_PERMISSIONS]),
      expected: signedIn(IN, '403'),
    },
    owner: { as: () => world.callers.owner, expected: signedIn(IN, '403') },
    'administrator without': { as: (door) => otherAdministrator(rightsOf(door)), expected: signedIn('404', '403') },
    'administrator with': { as: (door) => administrator(rightsOf(door)), expected: signedIn(IN, IN) },
    root: { as: () => world.callers.root, expected: signedIn(IN, IN) },
    'account key': { as: () => accountKey, expected: byAccountKey('403') },
    "root's account key": { as: () => rootsKey, expected: byAccountKey(inBrowser) },
    'key: none': { as: () => keys[0] as Caller, expected: keyed(keyOpens(0)) },
    'key: read': { as: () => keys[1] as Caller, expected: keyed(keyOpens(1)) },
    'key: write': { as: () => keys[2] as Caller, expected: keyed(keyOpens(2)) },
    'key: both': { as: () => keys[3] as Caller, expected: keyed(keyOpens(3)) },
    'its node': { as: () => asNode(world.node), expected: aNode(() => IN) },
    'other node': {
      as: () => world.callers['other-node'],
      expected: aNode((door) => (ofNoServer(door) ? IN : '404')),
    },
    'target node': {
      as: () => world.callers['target-node'],
      expected: aNode((door) => (ofNoServer(door) || TOLD_TO_TARGET.test(door.path) ? IN : '404')),
      isTarget: true,
    },
  }

  const found = await tried(columns)
  expect(surprising(found, columns)).toEqual([])

  const table = printed(found)
  if (process.env.UPDATE) writeFileSync(DOCUMENT, table)
  expect(readFileSync(DOCUMENT, 'utf8')).toBe(table)
})

it('sec-8: a key of `wings configure` opens the configuration of its node alone, whoever made it', async () => {
  const { token } = await makeApiKey(world.users.root.id, {
    kind: 'deploy',
    nodeId: world.node.id,
    remaining: 1_000_000,
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    permissions: onKey(3) as Record<string, number>,
  })
  const opens: Expected = ({ admits }) => ('takesDeployKeys' in admits && admits.takesDeployKeys ? IN : '403')
  const columns: Record<string, Column> = { 'deploy key': { as: () => withKey(token), expected: keyed(opens) } }
  const found = await tried(columns)
  expect(surprising(found, columns)).toEqual([])
  expect(doors.filter((door) => opens(door) === IN).map(({ path }) => path)).toEqual([
    '/api/application/nodes/:node/configuration',
  ])
})

it('sec-43: somebody suspended is nobody, with his cookie and with his keys', async () => {
  const user = await makeRootAdmin()
  const [browser, accountKey, applicationKey] = [
    await signedInAs(user),
    withKey((await makeApiKey(user.id)).token),
    await makeKey(user, onKey(3)),
  ]
  await useDrizzle().update(users).set({ suspended: true, banned: true }).where(eq(users.id, user.id))
  const byKey = by({ person: '401', server: '401', administrator: '401', node: '400' })
  const columns: Record<string, Column> = {
    browser: { as: () => browser, expected: AS_NOBODY },
    'account key': { as: () => accountKey, expected: byKey },
    'application key': { as: () => applicationKey, expected: byKey },
  }
  expect(surprising(await tried(columns), columns)).toEqual([])
})

const INTRODUCTION = `# Who may do what

Every route of the panel, and what its door answers to each kind of caller. The table is made from the router: each route
says whom it lets in, every caller is tried at every door, and a test holds both together
(\`UPDATE=1 npx vitest run --project integration tests/integration/authorization-matrix.test.ts\` writes it anew).

\`in\` is let through; a number is what the route answers. *With* and *without* are the permission or the right that the
route asks for: a subuser without it holds all others, one with it holds nothing else. Where a route of the client API asks
for no right, an administrator *with* holds all rights and one *without* holds none that opens a server. *Key* is an
application key that carries nothing, reads, writes, or both, of everything. A node is tried with what is its own, with
what is another's, and with a server that is on its way to it. Which right of the administration opens what, and on which
nodes, is in \`ADMINISTRATION_MATRIX.md\`.
`

function printed(found: Record<string, string[]>): string {
  const names = Object.keys(found)
  const row = (cells: string[]) => `| ${cells.join(' | ')} |`
  const askedBy = (door: Door) =>
    [...permissionsOf(door), ...rightsOf(door)].join(', ') ||
    (door.admits.who === 'server' ? 'access' : door.admits.who)
  return [
    INTRODUCTION,
    row(['route', 'asks for', ...names]),
    row(['---', '---', ...names.map(() => '---')]),
    ...doors.map((door, place) =>
      row([`\`${door.method} ${door.path}\``, askedBy(door), ...names.map((name) => found[name]?.[place] ?? '')]),
    ),
    '',
  ].join('\n')
}
