import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { auditEvents, servers } from '#server/database/schema'
import { request, signedInAs, type Caller } from '../../support/api'
import { makeAdministrator, makeEgg, makeRootAdmin, makeServer } from '../../support/factories'

let root: Caller
beforeAll(async () => {
  root = await signedInAs(await makeRootAdmin())
})

async function stage() {
  const former = await makeEgg(
    {},
    {
      variables: [
        { envVariable: 'VERSION', name: 'Version', defaultValue: 'latest', rules: 'required|string' },
        { envVariable: 'MODE', name: 'Mode', defaultValue: 'survival', rules: 'required|string' },
        { envVariable: 'OLD', name: 'Old', defaultValue: 'x', rules: 'string' },
      ],
    },
  )
  const coming = await makeEgg(
    { startup: './next', dockerImage: 'ghcr.io/next:1', dockerImages: null },
    {
      variables: [
        { envVariable: 'VERSION', name: 'Version', defaultValue: 'stable', rules: 'required|string' },
        { envVariable: 'MODE', name: 'Mode', defaultValue: 'peaceful', rules: 'required|in:peaceful,hard' },
        { envVariable: 'TOKEN', name: 'Token', defaultValue: '', rules: 'required|string' },
      ],
    },
  )
  const server = await makeServer({ eggId: former.id, nestId: former.nestId })
  await request(`PATCH /api/application/servers/${server.id}/startup`, {
    as: root,
    body: {
      startup: 'run',
      image: 'ghcr.io/former:1',
      egg: Number(former.id),
      skip_scripts: false,
      environment: { VERSION: '1.2', MODE: 'creative', OLD: 'y' },
    },
  })
  const path = `/api/application/servers/${server.id}/egg`
  const change = (keep: boolean, more = '') =>
    request(`POST ${path}${more}`, { as: root, body: { egg: Number(coming.id), keep_variables: keep } })
  return { former, coming, server, change, path }
}

describe('POST /api/application/servers/:server/egg', () => {
  it('keeps the values that the new rules take, as its preview says', async () => {
    const { coming, server, change } = await stage()
    const shown = await change(true, '/preview')
    expect(shown.body.attributes).toMatchObject({
      image: { before: 'ghcr.io/former:1', after: 'ghcr.io/next:1' },
      startup: { before: 'run', after: './next' },
      variables: [
        { env_variable: 'VERSION', before: '1.2', after: '1.2', is_valid: true },
        { env_variable: 'MODE', before: 'creative', after: 'peaceful', is_valid: true },
        { env_variable: 'TOKEN', before: null, after: '', is_valid: false },
        { env_variable: 'OLD', before: 'y', after: null },
      ],
    })

    const done = await change(true)
    expect(done.body.attributes).toMatchObject({ egg: Number(coming.id), nest: Number(coming.nestId) })
    const { container } = done.body.attributes
    expect(container).toMatchObject({ image: 'ghcr.io/next:1', startup_command: './next' })
    expect(container.environment).toMatchObject({ VERSION: '1.2', MODE: 'peaceful', TOKEN: '' })
    expect(container.environment).not.toHaveProperty('OLD')

    const written = await useDrizzle()
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.serverId, server.id))
      .orderBy(auditEvents.id)
    expect(written.at(-1)?.metadata).toContain('./next')
    const [row] = await useDrizzle().select().from(servers).where(eq(servers.id, server.id))
    expect(row?.syncPendingSince).not.toBeNull()
  })

  it('takes the defaults where nothing is kept, and the former values return with the former egg', async () => {
    const { former, change, path } = await stage()
    const done = await change(false)
    expect(done.body.attributes.container.environment).toMatchObject({ VERSION: 'stable', MODE: 'peaceful' })
    const back = (keep: boolean, more = '') =>
      request(`POST ${path}${more}`, { as: root, body: { egg: Number(former.id), keep_variables: keep } })
    const shown = await back(true, '/preview')
    expect(shown.body.attributes.variables).toMatchObject([
      { env_variable: 'VERSION', before: 'stable', after: '1.2' },
      { env_variable: 'MODE', before: 'peaceful', after: 'creative' },
      { env_variable: 'OLD', before: null, after: 'y' },
      { env_variable: 'TOKEN', after: null },
    ])
    expect((await back(false, '/preview')).body.attributes.variables[0].after).toBe('latest')
    const returned = await back(true)
    expect(returned.body.attributes.container.environment).toMatchObject({ VERSION: '1.2', MODE: 'creative', OLD: 'y' })
  })

  it.each([
    ['an egg that is not there', (_: string) => 987_654],
    ['the egg it has', (own: string) => Number(own)],
    ['a word', (_: string) => 'paper'],
  ])('refuses %s, and changes nothing', async (_, egg) => {
    const { former, server, path } = await stage()
    const reply = await request(`POST ${path}`, { as: root, body: { egg: egg(former.id), keep_variables: true } })
    expect([reply.status, reply.body.errors[0].meta.source_field]).toEqual([422, 'egg'])
    const [row] = await useDrizzle().select().from(servers).where(eq(servers.id, server.id))
    expect(row?.eggId).toBe(former.id)
  })

  it('knows no server beyond the nodes of a role', async () => {
    const { coming, path } = await stage()
    const elsewhere = await makeServer()
    const as = await signedInAs(await makeAdministrator({ servers: 3 }, { nodeIds: [elsewhere.nodeId] }))
    const body = { egg: Number(coming.id), keep_variables: true }
    expect((await request(`POST ${path}`, { as, body })).status).toBe(404)
    expect((await request(`POST ${path}/preview`, { as, body })).status).toBe(404)
  })
})
