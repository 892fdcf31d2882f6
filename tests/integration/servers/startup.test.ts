import { and, eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { auditEvents, serverVariables, servers } from '#server/database/schema'
import { MASK } from '#server/services/activity/without-secrets'
import { request, signedInAs, type Caller } from '../../support/api'
import { makeEgg, makeServer, makeSubuser, makeUser } from '../../support/factories'
import { createServer, eventually, panelWithNode, statusOf } from '../../support/panel-with-node'

const VARIABLES = [
  { envVariable: 'VERSION', name: 'Version', defaultValue: 'latest', rules: 'required|string|max:10' },
  { envVariable: 'ONLINE', name: 'Online mode', defaultValue: 'true', rules: 'required|boolean' },
  { envVariable: 'MOTD', name: 'Greeting', defaultValue: 'hello', rules: 'nullable|string' },
  { envVariable: 'BUILD', name: 'Build', defaultValue: '7', rules: 'required|integer', userEditable: false },
  { envVariable: 'TOKEN', name: 'Token', defaultValue: 'canary-token', rules: 'required|string', userViewable: false },
]
let [owner, reader]: Caller[] = []
let server: Awaited<ReturnType<typeof makeServer>>
const at = (rest = '') => `/api/client/servers/${server.uuid}/startup${rest}`
const set = (key: unknown, value?: unknown, as = owner!) =>
  request(`PUT ${at('/variable')}`, { as, body: { key, value } })

beforeAll(async () => {
  const egg = await makeEgg(
    {
      startup: 'run {{VERSION}} {{TOKEN}} {{SERVER_MEMORY}} {{NOBODY}}',
      dockerImage: 'example/run:2',
      dockerImages: JSON.stringify({ 'Run 2': 'example/run:2', 'Run 1': 'example/run:1' }),
    },
    { variables: VARIABLES.map((one) => ({ userViewable: true, userEditable: true, ...one })) },
  )
  const [user, helper] = [await makeUser(), await makeUser()]
  server = await makeServer({ ownerId: user.id, eggId: egg.id, nestId: egg.nestId })
  await makeSubuser(server.id, { userId: helper.id, permissions: ['websocket.connect', 'startup.read'] })
  owner = await signedInAs(user)
  reader = await signedInAs(helper)
})

describe('GET …/startup', () => {
  it('tells what players may see, the command filled in and raw, and the images with their labels', async () => {
    const { status, body } = await request(`GET ${at()}`, { as: reader! })
    expect(status).toBe(200)
    expect(
      body.data.map(({ attributes }: { attributes: { env_variable: string } }) => attributes.env_variable),
    ).toEqual(['VERSION', 'ONLINE', 'MOTD', 'BUILD'])
    expect(body.data[3].attributes).toMatchObject({ is_editable: false, default_value: '7', server_value: null })
    expect(body.meta).toEqual({
      startup_command: expect.stringMatching(/^run latest \[hidden\] \d+ \{\{NOBODY\}\}$/),
      raw_startup_command: 'run {{VERSION}} {{TOKEN}} {{SERVER_MEMORY}} {{NOBODY}}',
      docker_images: { 'Run 2': 'example/run:2', 'Run 1': 'example/run:1' },
      startup_commands: { Default: 'run {{VERSION}} {{TOKEN}} {{SERVER_MEMORY}} {{NOBODY}}' },
    })
    expect(JSON.stringify(body)).not.toContain('canary-token')
  })
})

describe('PUT …/startup/variable', () => {
  it('stores what the rules allow and answers the variable with the commands', async () => {
    expect(await set('VERSION', '1.21')).toMatchObject({
      status: 200,
      body: {
        object: 'egg_variable',
        attributes: { env_variable: 'VERSION', server_value: '1.21', default_value: 'latest' },
        meta: { startup_command: expect.stringContaining('run 1.21 '), raw_startup_command: server.startup },
      },
    })
    expect((await set('ONLINE', false)).body.attributes.server_value).toBe('0')
    expect((await set('MOTD', '')).body.attributes.server_value).toBe('')
  })

  it.each([
    ['longer than its rule', 'VERSION', '12345678901', 'max'],
    ['empty where one is demanded', 'VERSION', '', 'required'],
    ['a list', 'MOTD', ['a'], 'string'],
    ['none at all', 'VERSION', undefined, 'present'],
  ])('refuses a value that is %s, at `value`', async (_, key, value, rule) => {
    expect(await set(key, value)).toMatchObject({
      status: 422,
      body: { errors: [{ meta: { source_field: 'value', rule } }] },
    })
  })

  it.each([
    ['a hidden one', 'TOKEN', 'does not exist'],
    ['an unknown one', 'NOTHING', 'does not exist'],
    ['one that is not theirs to change', 'BUILD', 'read-only'],
  ])('refuses %s with 400', async (_, key, says) => {
    expect(await set(key, '1')).toMatchObject({
      status: 400,
      body: { errors: [{ code: 'BadRequestHttpException', detail: expect.stringContaining(says) }] },
    })
  })

  it('needs the right to change, which is not the right to read', async () => {
    expect((await set('VERSION', '1', reader)).status).toBe(403)
  })

  it('records old and new, also where nothing changed, and then tells no node', async () => {
    const events = () =>
      useDrizzle()
        .select()
        .from(auditEvents)
        .where(and(eq(auditEvents.serverId, server.id), eq(auditEvents.action, 'server:startup.edit')))
    await set('MOTD', 'one')
    const before = (await events()).length
    const [row] = await useDrizzle().select().from(servers).where(eq(servers.id, server.id))
    await set('MOTD', 'one')
    const all = await events()
    expect(all).toHaveLength(before + 1)
    expect(all.filter(({ metadata }) => metadata?.includes('"variable":"MOTD","old":"one","new":"one"'))).toHaveLength(
      1,
    )
    const [after] = await useDrizzle().select().from(servers).where(eq(servers.id, server.id))
    expect(after?.configurationChangedAt).toBe(row?.configurationChangedAt)
  })

  it('sec-33 writes no secret down: neither the old nor the new one', async () => {
    const [user, egg] = [
      await makeUser(),
      await makeEgg({}, { variables: [{ envVariable: 'RCON_PASSWORD', name: 'Rcon', defaultValue: 'canary-old' }] }),
    ]
    const own = await makeServer({ ownerId: user.id, eggId: egg.id, nestId: egg.nestId })
    const body = { key: 'RCON_PASSWORD', value: 'canary-new' }
    const path = `PUT /api/client/servers/${own.uuid}/startup/variable` as const
    expect((await request(path, { as: await signedInAs(user), body })).status).toBe(200)

    const [event] = await useDrizzle().select().from(auditEvents).where(eq(auditEvents.serverId, own.id))
    expect(JSON.parse(event?.metadata ?? '')).toEqual({ variable: 'RCON_PASSWORD', old: MASK, new: MASK })
  })

  it('keeps one value when fifty are set at once', async () => {
    const replies = await Promise.all(Array.from({ length: 50 }, (_, index) => set('MOTD', `value ${index}`)))
    expect(replies.every(({ status }) => status === 200)).toBe(true)
    const rows = await useDrizzle().select().from(serverVariables).where(eq(serverVariables.serverId, server.id))
    expect(new Set(rows.map(({ variableId }) => variableId)).size).toBe(rows.length)
  })
})

describe('PUT …/startup/command', () => {
  const COMMANDS = { Default: 'run {{VERSION}}', Debug: 'run --debug {{VERSION}}' }
  async function offering(values: object = {}) {
    const [user, helper] = [await makeUser(), await makeUser()]
    const startupCommands = JSON.stringify(COMMANDS)
    const egg = await makeEgg({ startup: COMMANDS.Default, startupCommands })
    const own = await makeServer({ ownerId: user.id, eggId: egg.id, nestId: egg.nestId, ...values })
    await makeSubuser(own.id, { userId: helper.id, permissions: ['startup.read', 'startup.docker-image'] })
    const path = `/api/client/servers/${own.uuid}/startup`
    const choose = (command: unknown, as: Caller) => request(`PUT ${path}/command`, { as, body: { command } })
    return { own, path, choose, as: await signedInAs(user), helper: await signedInAs(helper) }
  }
  const stored = async (id: string) => (await useDrizzle().select().from(servers).where(eq(servers.id, id)))[0]?.startup

  it('takes one that the egg offers, and says so once', async () => {
    const { own, path, choose, as, helper } = await offering()
    expect((await request(`GET ${path}`, { as })).body.meta).toMatchObject({
      raw_startup_command: COMMANDS.Default,
      startup_commands: COMMANDS,
    })
    expect((await choose(COMMANDS.Debug, helper)).status).toBe(403)
    expect((await choose(COMMANDS.Debug, as)).status).toBe(204)
    expect((await choose(COMMANDS.Debug, as)).status).toBe(204)
    expect(await stored(own.id)).toBe(COMMANDS.Debug)
    const events = await useDrizzle().select().from(auditEvents).where(eq(auditEvents.serverId, own.id))
    expect(events.map(({ action, metadata }) => [action, JSON.parse(metadata ?? '')])).toEqual([
      ['server:startup.command', { old: COMMANDS.Default, new: COMMANDS.Debug }],
    ])
  })

  it('takes nothing else, and none in the place of one that was written by hand', async () => {
    const { own, choose, as } = await offering()
    for (const command of ['rm -rf /', 'Debug', 7, ''])
      expect(await choose(command, as)).toMatchObject({
        status: 422,
        body: { errors: [{ meta: { source_field: 'command' } }] },
      })
    await useDrizzle().update(servers).set({ startup: 'by hand' }).where(eq(servers.id, own.id))
    expect(await choose(COMMANDS.Debug, as)).toMatchObject({
      status: 400,
      body: {
        errors: [
          {
            code: 'BadRequestHttpException',
            detail: "This server's startup command has been manually set by an administrator and cannot be updated.",
          },
        ],
      },
    })
    expect(await stored(own.id)).toBe('by hand')
  })
})

describe.each(['pterodactyl', 'pelican'] as const)('what a player changes on %s', (flavour) => {
  it('reaches the container’s environment', async () => {
    await using panel = await panelWithNode(flavour)
    const { body } = await createServer(panel)
    const { identifier, uuid } = body.attributes
    await eventually(statusOf(panel.callers.owner, identifier), (status) => status === null)
    const reply = await request(`PUT /api/client/servers/${identifier}/startup/variable`, {
      as: panel.callers.owner,
      body: { key: 'MOTD', value: 'good morning' },
    })
    expect(reply.status).toBe(200)
    expect(panel.wings.server(uuid).configuration.settings.environment.MOTD).toBe('good morning')
    const [row] = await useDrizzle()
      .select()
      .from(servers)
      .where(eq(servers.id, String(body.attributes.id)))
    expect(row?.syncPendingSince).toBeNull()
  })
})
