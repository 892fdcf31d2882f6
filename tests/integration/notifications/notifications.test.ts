import { and, desc, eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import {
  mails,
  notifications,
  roleGrants,
  roleNodes,
  roles,
  sessionMetadata,
  sessions,
  userRoles,
  wingsNodes,
  type UserRow,
} from '#server/database/schema'
import { only } from '#server/database/rows'
import { pruneActivity } from '#server/services/activity/prune-activity'
import { finishBackup } from '#server/services/backups/finish-backup'
import { failBackup } from '#server/services/backups/fail-backup'
import { nodeSeen } from '#server/services/nodes/node-seen'
import { tellOfSilence } from '#server/services/nodes/tell-of-silence'
import { tellOfFailure } from '#server/services/processes/tell-of-failure'
import { finishInstall } from '#server/services/servers/finish-install'
import { NOTIFICATION_NAMES, SERVER_KINDS } from '#shared/notifications'
import { request, signedInAs, type Caller } from '../../support/api'
import { openBrowser } from '../../support/browser'
import { makeBackup, makeNode, makeRootAdmin, makeServer, makeSubuser, makeUser } from '../../support/factories'
import { changeSettings } from '../../support/settings'

const inbox = async (as: Caller) => (await request('GET /api/client/account/notifications', { as })).body
const told = async ({ id }: UserRow) =>
  (
    await useDrizzle().select().from(notifications).where(eq(notifications.userId, id)).orderBy(desc(notifications.id))
  ).map(({ kind, readAt }) => (readAt ? `${kind} (read)` : kind))
const mailed = async ({ id }: UserRow) =>
  (await useDrizzle().select().from(mails).where(eq(mails.userId, id))).map(({ template }) => template)

const choose = (as: Caller, kind: string, bell: boolean | null, mail: boolean | null, server?: string) =>
  request(
    server ? `PUT /api/client/servers/${server}/notifications` : 'PUT /api/client/account/notifications/preferences',
    { as, body: { kind, bell, mail } },
  )

async function arrange() {
  const [owner, helper] = [await makeUser(), await makeUser()]
  const server = await makeServer({ ownerId: owner.id, status: 'installing', installedAt: null })
  await makeSubuser(server.id, { userId: helper.id, permissions: ['websocket.connect', 'backup.read'] })
  return { owner, helper, server, as: await signedInAs(owner), asHelper: await signedInAs(helper) }
}

beforeAll(() => changeSettings({ 'mail.host': 'mail.invalid' }))

describe('what is told of a server', () => {
  it('its owner is told that it is installed, once, by bell and by mail; the inbox says so', async () => {
    const { owner, helper, server, as } = await arrange()
    for (let times = 0; times < 2; times++) await finishInstall({ server, successful: true, isReinstall: false })
    expect([await told(owner), await told(helper)]).toEqual([['server.installed'], []])
    expect(await mailed(owner)).toEqual(['server.installed'])
    expect(await inbox(as)).toMatchObject({
      data: [
        {
          object: 'notification',
          attributes: {
            kind: 'server.installed',
            slots: { server: server.name },
            server: server.identifier,
            read_at: null,
          },
        },
      ],
      meta: { unread: 1, pagination: { total: 1 } },
    })
  })

  it('each is told as he chose; what is only mailed stands there as read', async () => {
    const { owner, server, as } = await arrange()
    expect((await choose(as, 'server.install-failed', false, true)).status).toBe(200)
    await finishInstall({ server, successful: false, isReinstall: false })
    expect([await told(owner), await mailed(owner)]).toEqual([
      ['server.install-failed (read)'],
      ['server.install-failed'],
    ])
  })

  it('of one server by itself, over what is chosen for all', async () => {
    const { owner, server, as } = await arrange()
    const other = await makeServer({ ownerId: owner.id, status: 'installing', installedAt: null })
    await choose(as, 'server.installed', false, false)
    const reply = await choose(as, 'server.installed', true, false, server.uuid)
    expect(
      reply.body.data.find((one: { attributes: { kind: string } }) => one.attributes.kind === 'server.installed'),
    ).toMatchObject({ attributes: { bell: true, mail: false, is_own: true } })
    for (const one of [server, other]) await finishInstall({ server: one, successful: true, isReinstall: false })
    expect([await told(owner), await mailed(owner)]).toEqual([['server.installed'], []])

    await choose(as, 'server.installed', null, null, server.uuid)
    const back = await request(`GET /api/client/servers/${server.uuid}/notifications`, { as })
    expect(back.body.data[0].attributes).toMatchObject({ kind: 'server.installed', bell: false, is_own: false })
  })

  it('an administrator’s own server as anybody’s', async () => {
    const root = await makeUser({ role: 'admin', rootAdmin: true })
    const own = await makeServer({ ownerId: root.id })
    const as = await signedInAs(root)
    const bellOf = async ({ uuid }: { uuid: string }) =>
      (await request(`GET /api/client/servers/${uuid}/notifications`, { as })).body.data[0].attributes.bell
    expect(await Promise.all([own, await makeServer()].map(bellOf))).toEqual([true, false])
  })

  it('whom it is shared with only of what he switched on for it, and may see', async () => {
    const { helper, server, asHelper } = await arrange()
    const blind = await makeUser()
    await makeSubuser(server.id, { userId: blind.id, permissions: ['websocket.connect'] })
    await choose(asHelper, 'server.backup-failed', true, true)
    await choose(await signedInAs(blind), 'server.backup-completed', true, true, server.uuid)
    const done = async () =>
      finishBackup({
        backup: await makeBackup(server.id, { completedAt: null, isSuccessful: false }),
        outcome: { isSuccessful: true, bytes: 1, checksum: 'sha1:x' },
      })
    await done()
    expect([await told(helper), await told(blind)]).toEqual([[], []])
    await choose(asHelper, 'server.backup-completed', true, false, server.uuid)
    await done()
    expect([await told(helper), await told(blind), await mailed(helper)]).toEqual([['server.backup-completed'], [], []])
  })

  it('of one backup that failed once, also where it is reported again', async () => {
    const { owner, server } = await arrange()
    const backup = await makeBackup(server.id, { completedAt: null, isSuccessful: false })
    for (let times = 0; times < 2; times++)
      await useDrizzle().transaction((tx) => failBackup(tx, backup, 'node_reported'))
    expect(await told(owner)).toEqual(['server.backup-failed'])
  })

  it('nobody who is suspended, and none by mail of what the panel does not mail', async () => {
    const [gone, quiet] = [await makeUser({ suspended: true }), await makeUser()]
    await changeSettings({ 'notifications.serverInstalled': false })
    for (const { id } of [gone, quiet]) {
      const server = await makeServer({ ownerId: id, status: 'installing', installedAt: null })
      await finishInstall({ server, successful: true, isReinstall: false })
    }
    await changeSettings({ 'notifications.serverInstalled': true })
    expect([await told(gone), await told(quiet), await mailed(quiet)]).toEqual([[], ['server.installed'], []])
  })

  it('hides the way to a server that one may not see any more', async () => {
    const { owner, helper, as, asHelper } = await arrange()
    const server = await makeServer({ ownerId: owner.id })
    await makeSubuser(server.id, { userId: helper.id, permissions: ['websocket.connect'] })
    expect((await request(`DELETE /api/client/servers/${server.uuid}/users/${helper.uuid}`, { as })).status).toBe(204)
    expect(await inbox(asHelper)).toMatchObject({
      data: [{ attributes: { kind: 'server.removed', slots: { server: server.name }, server: null } }],
    })
  })
})

describe('one’s own inbox', () => {
  it('is read one by one or as a whole, and is nobody else’s', async () => {
    const { owner, server, as } = await arrange()
    const other = await arrange()
    await finishInstall({ server, successful: true, isReinstall: false })
    await finishInstall({ server: other.server, successful: true, isReinstall: false })
    const [row] = (await inbox(other.as)).data
    expect(
      (await request('POST /api/client/account/notifications/read', { as, body: { ids: [row.attributes.id] } })).status,
    ).toBe(204)
    expect([(await inbox(as)).meta.unread, (await inbox(other.as)).meta.unread]).toEqual([1, 1])
    await request('POST /api/client/account/notifications/read', { as, body: {} })
    expect([(await inbox(as)).meta.unread, (await inbox(other.as)).meta.unread]).toEqual([0, 1])
    expect(await told(owner)).toEqual(['server.installed (read)'])
  })

  it('forgets after 90 days', async () => {
    const user = await makeUser()
    const add = (createdAt: string) =>
      useDrizzle().insert(notifications).values({ userId: user.id, kind: 'job.failed', createdAt })
    await add(new Date(Date.now() - 91 * 86_400_000).toISOString())
    await add(new Date(Date.now() - 89 * 86_400_000).toISOString())
    await pruneActivity()
    expect(await told(user)).toHaveLength(1)
  })

  it('lives with a kind and with slots that are not known any more', async () => {
    const user = await makeUser()
    await useDrizzle().insert(notifications).values({ userId: user.id, kind: 'odd.thing', data: 'not json' })
    expect((await inbox(await signedInAs(user))).data).toMatchObject([{ attributes: { kind: 'odd.thing', slots: {} } }])
  })
})

describe('what one is told of', () => {
  const kinds = async (as: Caller) =>
    (await request('GET /api/client/account/notifications/preferences', { as })).body.data.map(
      (one: { attributes: { kind: string } }) => one.attributes.kind,
    )

  it('lists what concerns somebody', async () => {
    const [user, root] = [await makeUser(), await makeRootAdmin()]
    expect(await kinds(await signedInAs(root))).toEqual(NOTIFICATION_NAMES)
    expect(await kinds(await signedInAs(user))).toEqual(
      NOTIFICATION_NAMES.filter((kind) => !kind.startsWith('node.') && !kind.startsWith('job.')),
    )
  })

  it.each([
    [{ kind: 'account.password-changed', bell: false, mail: false }, 'kind'],
    [{ kind: 'no.such', bell: true, mail: true }, 'kind'],
    [{ kind: 'server.added', bell: 'perhaps', mail: true }, 'bell'],
    [{ kind: 'server.added', mail: true }, 'bell'],
  ])('refuses %j', async (body, field) => {
    const as = await signedInAs(await makeUser())
    expect(await request('PUT /api/client/account/notifications/preferences', { as, body })).toMatchObject({
      status: 422,
      body: { errors: [{ meta: { source_field: field } }] },
    })
  })

  it('takes only kinds of a server for a server', async () => {
    const { server, as } = await arrange()
    expect((await choose(as, 'server.added', true, true, server.uuid)).status).toBe(422)
    const { body } = await request(`GET /api/client/servers/${server.uuid}/notifications`, { as })
    expect(body.data).toHaveLength(SERVER_KINDS.length)
  })
})

describe('what is told of an account', () => {
  const PASSWORD = 'correct horse battery'
  const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0'

  it('that it was signed in to from a browser unlike the others, not from one that was updated', async () => {
    const user = await makeUser({}, { password: PASSWORD })
    const enter = async (agent: string) => {
      const browser = await openBrowser({ userAgent: agent })
      await browser.send('POST /auth/login', { user: user.username, password: PASSWORD })
    }
    await enter(FIREFOX)
    await enter(FIREFOX.replaceAll('131', '132'))
    expect(await told(user)).toEqual([])
    await enter('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1')
    expect([await told(user), await mailed(user)]).toEqual([['account.new-browser'], ['account.new-browser']])
    expect(await useDrizzle().$count(sessions, eq(sessions.userId, user.id))).toBe(3)
    expect(await useDrizzle().$count(sessionMetadata)).toBeGreaterThan(2)
  })

  it('not where its other sessions have ended', async () => {
    const user = await makeUser({}, { password: PASSWORD })
    const { token } = await signedInAs(user)
    await useDrizzle()
      .update(sessions)
      .set({ expires: '2026-01-01T00:00:00.000Z', expiresAt: '2026-01-01T00:00:00.000Z' })
      .where(eq(sessions.sessionToken, token))
    await (
      await openBrowser({ userAgent: FIREFOX })
    ).send('POST /auth/login', { user: user.username, password: PASSWORD })
    expect(await told(user)).toEqual([])
  })

  it('that its password was changed, whatever was chosen', async () => {
    const user = await makeUser({}, { password: PASSWORD })
    const body = { current_password: PASSWORD, password: 'another horse', password_confirmation: 'another horse' }
    await request('PUT /api/client/account/password', { as: await signedInAs(user), body })
    expect([await told(user), await mailed(user)]).toEqual([['account.password-changed'], ['account.password-changed']])
  })
})

describe('what is told to administrators', () => {
  async function administrator(resource: string, nodeIds?: string[]): Promise<UserRow> {
    const user = await makeUser({ role: 'admin' })
    const role = only(
      await useDrizzle()
        .insert(roles)
        .values({ name: `role-${user.id}`, isNodeRestricted: nodeIds !== undefined })
        .returning(),
    )
    await useDrizzle().insert(roleGrants).values({ roleId: role.id, resource, level: 1 })
    for (const nodeId of nodeIds ?? []) await useDrizzle().insert(roleNodes).values({ roleId: role.id, nodeId })
    await useDrizzle().insert(userRoles).values({ userId: user.id, roleId: role.id })
    return user
  }

  it('a node that is silent for two minutes, once, and that it is back; to whose matter it is', async () => {
    const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
    const lastSeenAt = ago(60)
    const node = await makeNode({ lastSeenAt, unreachableSince: ago(3) })
    await makeNode({ lastSeenAt, unreachableSince: ago(1) })
    await makeNode({ lastSeenAt, unreachableSince: ago(9), maintenanceMode: true })
    const unborn = await makeNode({ lastSeenAt: null, unreachableSince: ago(9) })
    const [root, reader, here, elsewhere, other, plain] = [
      await makeRootAdmin(),
      await administrator('nodes'),
      await administrator('nodes', [node.id]),
      await administrator('nodes', []),
      await administrator('servers'),
      await makeUser(),
    ]
    for (let times = 0; times < 3; times++) await tellOfSilence()
    for (const user of [root, reader, here]) expect(await told(user)).toEqual(['node.silent'])
    for (const user of [elsewhere, other, plain]) expect(await told(user)).toEqual([])

    await useDrizzle().transaction((tx) => nodeSeen(tx, node))
    // Of these nobody was told that they were gone, though the silence of one was long.
    const brief = await makeNode({ lastSeenAt, unreachableSince: ago(1) })
    for (const quiet of [brief, unborn]) await useDrizzle().transaction((tx) => nodeSeen(tx, quiet))
    const late = await administrator('nodes', [node.id])
    await useDrizzle().transaction((tx) => nodeSeen(tx, node))
    expect(await told(late)).toEqual([])
    expect(await told(here)).toEqual(['node.back', 'node.silent'])
    const [row] = await useDrizzle()
      .select()
      .from(notifications)
      .where(and(eq(notifications.userId, root.id), eq(notifications.kind, 'node.back')))
    expect(row).toMatchObject({ nodeId: node.id })
    await useDrizzle().delete(wingsNodes).where(eq(wingsNodes.id, brief.id))
  })

  it('a job that was given up, once a day', async () => {
    const [reader, other] = [await administrator('health'), await administrator('nodes')]
    for (let times = 0; times < 3; times++) await tellOfFailure('mail.send')
    expect([await told(reader), await told(other)]).toEqual([['job.failed'], []])
  })
})
