import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { serverTransfers } from '#server/database/schema'
import type { Route } from '#server/http/define-route'
import { includesOf } from '../../modules/openapi/includes'
import { request } from '../support/api'
import { makeTransfer } from '../support/factories'
import { routeFiles, signatureOf } from '../support/routes'
import { changeSettings } from '../support/settings'
import { makeWorld, type World } from '../support/world'
import { statementsOf } from '../support/statements'

/*
 * How many statements every read costs. One identifies the caller; what the path names first is loaded by the door in one
 * more; a list costs two, page and count, and a single thing one or two; each include is one. What each costs now is checked
 * in: one statement more is seen even where it would still be allowed. `UPDATE=1` writes it anew.
 */
const DOOR = 1
const NAMED = 1
const READ = 2

/** What costs more, and for what. */
const MORE: Record<string, [statements: number, reason: string]> = {
  'GET /api/application/audit/export': [1, 'names of those it tells of'],
  'GET /api/application/overview': [4, 'one page of many small numbers'],
  'GET /api/application/servers/:server/transfer/options': [
    2,
    'nodes with their room, and the archives that may travel',
  ],
  'GET /api/client/account/notifications': [1, 'how many are unread'],
  'GET /api/client/account/profile': [1, 'how many recovery codes are left'],
  'GET /api/client/servers/:server/schedules/:schedule/runs': [2, 'the schedule, and the tasks of the runs'],
  'GET /api/client/servers/:server/startup': [1, 'what its egg offers'],
}

/** An include costs one; of these the rows are one, and what belongs to each of them is read for all at once. */
const INCLUDED: Record<string, number> = { servers: 3, nodes: 3 }

const FILE = new URL('../fixtures/statements.json', import.meta.url)
const KNOWN = JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, number>
const counted: Record<string, number> = {}

function expectAsBefore(name: string, count: number, statements: string[]): void {
  counted[name] = count
  if (!process.env.UPDATE) expect([name, count], statements.join('\n')).toEqual([name, KNOWN[name]])
}

let world: World
beforeAll(async () => {
  world = await makeWorld()
  await changeSettings({ 'limits.clientPerMinute': 100_000, 'limits.applicationPerMinute': 100_000 })
  // What is noted once a minute would be written between two requests.
  vi.useFakeTimers({ toFake: ['Date'] })
})
afterAll(() => void vi.useRealTimers())

const reads = await Promise.all(
  Object.entries(routeFiles)
    .map(([file, load]) => ({ ...signatureOf(file), load }))
    .filter(({ method, path }) => method === 'GET' && path.startsWith('/api/') && path !== '/api/client/events')
    .map(async ({ path, load }) => ({ path, route: (await load()).default as Route })),
)

function allowed(path: string, { admits }: Route['access']): number {
  const [more] = MORE[`GET ${path}`] ?? [0]
  if (admits?.who === 'anyone') return READ + more
  return DOOR + (/:/.test(path) ? NAMED : 0) + READ + more
}

async function askAndCount(path: string): Promise<{ status: number; count: number; texts: string[] }> {
  // Of a server on its way most is refused before anything is read.
  await useDrizzle().delete(serverTransfers)
  if (path.includes('/transfer')) await makeTransfer(world.server, { targetNodeId: world.targetNode.id })
  const as = path.startsWith('/api/remote') ? world.callers.node : world.callers.root
  // What is kept for a moment is fetched, and what is noted once a minute is written.
  await request(`GET ${world.path(path)}`, { as })
  let status = 0
  const texts = await statementsOf(async () => ({ status } = await request(`GET ${world.path(path)}`, { as })))
  return { status, count: texts.length, texts }
}

describe('a read', () => {
  it.each(reads.filter(({ path }) => !path.includes('external')))('GET $path', async ({ path, route }) => {
    const { status, count, texts } = await askAndCount(path)
    if (!path.startsWith('/api/remote')) expect(status).not.toBe(409)
    expect(count, texts.join('\n')).toBeLessThanOrEqual(allowed(path, route.access))
    // Whoever asks is always asked about.
    if (route.access.admits?.who !== 'anyone') expect(count).toBeGreaterThanOrEqual(DOOR)
    expectAsBefore(`GET ${path}`, count, texts)
  })

  it('… has no allowance that nothing needs', () => {
    const known = new Set(reads.map(({ path }) => `GET ${path}`))
    expect(Object.keys(MORE).filter((name) => !known.has(name))).toEqual([])
  })
})

describe('an include', () => {
  const including = reads.flatMap(({ path, route }) => {
    const { query } = route.endpoint.schemas as { query?: { shape?: Record<string, unknown> } }
    const names = query?.shape?.include ? includesOf(route.endpoint.schemas.reply) : []
    return names.length > 0 && !path.includes('external') ? [{ path, names }] : []
  })

  it.each(including)('GET $path: $names', async ({ path, names }) => {
    const { count: without } = await askAndCount(path)
    for (const name of names) {
      const { count, texts } = await askAndCount(`${path}?include=${name}`)
      expect(count - without, name).toBeLessThanOrEqual(INCLUDED[name] ?? 1)
      expectAsBefore(`GET ${path}?include=${name}`, count, texts)
    }
  })
})

it('nothing that is checked in is left over', () => {
  if (process.env.UPDATE) writeFileSync(FILE, `${JSON.stringify(counted, null, 2)}\n`)
  expect(Object.keys(JSON.parse(readFileSync(FILE, 'utf8'))).filter((name) => !(name in counted))).toEqual([])
})
