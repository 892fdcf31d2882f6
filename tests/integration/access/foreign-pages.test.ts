import { beforeAll, describe, expect, it } from 'vitest'
import { usePool } from '#server/database/client'
import { request } from '../../support/api'
import { routeFiles, signatureOf } from '../../support/routes'
import { changeSettings } from '../../support/settings'
import { makeWorld, type World } from '../../support/world'

/* What a page of somebody else's can have the browser of a root administrator do. */

const routes = Object.keys(routeFiles)
  .map(signatureOf)
  .flatMap(({ method, path }) => (method ? [{ method, path }] : []))

let world: World
beforeAll(async () => {
  world = await makeWorld()
  await changeSettings({ 'limits.clientPerMinute': 100_000, 'limits.applicationPerMinute': 100_000 })
})

/**
 * That somebody was here, how often, and what he took away with him, is written down for reading, too; and the API gives
 * the secret of a second factor to a read, which is none before a code of it was sent.
 */
const NOTED = ['session_metadata', 'sessions', 'audit_events', 'audit_subjects', 'throttles', 'two_factor']

async function contentsOf(): Promise<Record<string, string>> {
  const { rows: tables } = await usePool().query(`select tablename as name from pg_tables where schemaname = 'public'`)
  const contents: Record<string, string> = {}
  for (const { name } of tables.filter((table: { name: string }) => !NOTED.includes(table.name)))
    contents[name] = (
      await usePool().query(
        `select md5(coalesce(string_agg(line, ',' order by line), '')) as sum
        from (select (to_jsonb(t) - 'last_seen_at')::text as line from "${name}" t) lines`,
      )
    ).rows[0].sum
  return contents
}

describe('sec-13: of every route', () => {
  it('a cookie’s write that comes from another page, or from none, is refused', async () => {
    const { cookie = '' } = world.callers.root.headers
    const elsewhere = { headers: { cookie, origin: 'https://elsewhere.example' } }
    for (const { method, path } of routes.filter((route) => route.method !== 'GET'))
      for (const as of [elsewhere, { headers: { cookie } }]) {
        const { status } = await request(`${method} ${world.path(path)}`, { as, body: {} })
        // A node's routes take no cookie.
        expect([method, path, status]).toEqual([method, path, path.startsWith('/api/remote') ? 401 : 419])
      }
  })

  it('a link changes nothing, wherever it leads', async () => {
    // The first of these has the panel make a secret of its own.
    await request(`GET ${world.path('/api/client/servers/:server/databases')}`, { as: world.callers.root })
    const before = await contentsOf()
    // A stream never ends by itself.
    for (const { path } of routes.filter(({ method, path: one }) => method === 'GET' && one !== '/api/client/events'))
      if (!path.startsWith('/api/remote')) await request(`GET ${world.path(path)}`, { as: world.callers.root })
    const after = await contentsOf()
    expect(Object.keys(after).filter((table) => after[table] !== before[table])).toEqual([])
  })
})
