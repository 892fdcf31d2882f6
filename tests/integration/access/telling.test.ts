import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tellNodeOfAccess } from '#server/jobs/definitions/tell-node-of-access'
import { useDrizzle } from '#server/database/client'
import { accessRevocations, auditEvents, wingsNodes, type ServerRow, type UserRow } from '#server/database/schema'
import { noteDenial, untilTokensCount } from '#server/services/access/denials'
import { revokeAtServer, revokeEverywhere } from '#server/services/access/revoke-access'
import { tellNodes } from '#server/services/access/tell-nodes'
import { checkNode } from '#server/services/nodes/check-node'
import { tokenName } from '#server/wings/tokens'
import { breaker } from '#server/wings/breaker'
import { plainServer } from '../../../simulator/wings.ts'
import { request, signedInAs } from '../../support/api'
import {
  makeAdministrator,
  makeNode,
  makeRootAdmin,
  makeServer,
  makeSubuser,
  makeTransfer,
  makeUser,
} from '../../support/factories'
import { eventually, panelWithNode, type PanelWithNode } from '../../support/panel-with-node'
import { startHungNode } from '../../support/plain-nodes'
import { arrange, cutOff } from './stage'

const told = (nodeId: string) => useDrizzle().$count(accessRevocations, eq(accessRevocations.nodeId, nodeId))

const revoke = (user: UserRow, server: ServerRow) => useDrizzle().transaction((tx) => revokeAtServer(tx, server, user))

describe('what a node is told', () => {
  let [pterodactyl, pelican]: PanelWithNode[] = []
  beforeAll(async () => {
    ;[pterodactyl, pelican] = [await panelWithNode('pterodactyl'), await panelWithNode('pelican')]
  })
  afterAll(async () => {
    await pterodactyl![Symbol.asyncDispose]()
    await pelican![Symbol.asyncDispose]()
  })

  async function shared(panel: PanelWithNode) {
    const server = await makeServer({ nodeId: panel.nodeId })
    await panel.wings.add(plainServer(server.uuid))
    return server
  }

  it('names the person and each of his servers to Pelican, in one call for each node', async () => {
    const user = await makeUser()
    const servers = [await shared(pelican!), await shared(pelican!)]
    for (const { id } of servers) await makeSubuser(id, { userId: user.id })
    const before = pelican!.wings.seen.length
    expect(await tellNodes(await useDrizzle().transaction((tx) => revokeEverywhere(tx, user)))).toBe(true)

    const calls = pelican!.wings.seen.slice(before)
    expect(calls.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /api/deauthorize-user'])
    const said = calls[0]?.body as { user: string; servers: string[] }
    expect(said.user).toBe(user.uuid)
    expect(said.servers.toSorted()).toEqual(servers.map(({ uuid }) => uuid).toSorted())
  })

  it('names the tokens to Pterodactyl, through a server that it has', async () => {
    const user = await makeUser()
    const gone = await makeServer({ nodeId: pterodactyl!.nodeId, uuid: '00000000-0000-4000-8000-000000000000' })
    const there = await shared(pterodactyl!)
    for (const { id } of [gone, there]) await makeSubuser(id, { userId: user.id })
    const before = pterodactyl!.wings.seen.length
    expect(await tellNodes(await useDrizzle().transaction((tx) => revokeEverywhere(tx, user)))).toBe(true)

    const denials = pterodactyl!.wings.seen.slice(before).filter(({ path }) => path.endsWith('/ws/deny'))
    const taken = denials.find(({ status }) => status === 204)?.body as { jtis: string[] } | undefined
    expect(taken?.jtis.toSorted()).toEqual([gone, there].map(({ uuid }) => tokenName(user.id, uuid)).toSorted())
  })

  it('tells both ends of a transfer', async () => {
    const server = await shared(pelican!)
    await pterodactyl!.wings.add(plainServer(server.uuid))
    await makeTransfer(server, { targetNodeId: pterodactyl!.nodeId })
    expect((await revoke(await makeUser(), server)).toSorted()).toEqual(
      [pelican!.nodeId, pterodactyl!.nodeId].toSorted(),
    )
  })

  it('reaches every node where an administrator may watch, and no more for one who administers no servers', async () => {
    const nodesOf = async (user: UserRow) => useDrizzle().transaction((tx) => revokeEverywhere(tx, user))
    await Promise.all([shared(pelican!), shared(pterodactyl!)])
    const everywhere = expect.arrayContaining([pelican!.nodeId, pterodactyl!.nodeId])
    expect(await nodesOf(await makeRootAdmin())).toEqual(everywhere)
    expect(await nodesOf(await makeAdministrator({ servers: 1 }))).toEqual(everywhere)
    expect(await nodesOf(await makeAdministrator({ nodes: 3 }))).toEqual([])
    await tellNodes([pelican!.nodeId, pterodactyl!.nodeId])
  })

  it('goes on where the node refuses one, and keeps that one', async () => {
    const server = await shared(pelican!)
    const [one, two] = [await makeUser(), await makeUser()]
    for (const user of [one, two]) await revoke(user, server)
    const withdraw = pelican!.wings.faults.add({
      on: 'POST /api/deauthorize-user',
      fault: { kind: 'refusing', status: 500, body: {} },
      times: 1,
    })
    expect(await tellNodes([pelican!.nodeId])).toBe(false)
    expect(await told(pelican!.nodeId)).toBe(1)
    withdraw()
    expect(await tellNodes([pelican!.nodeId])).toBe(true)
    expect(await told(pelican!.nodeId)).toBe(0)
  })

  it('keeps nobody waiting for longer than two seconds for a node that hangs, and no other node at all', async () => {
    await using hung = await startHungNode()
    const { id } = await makeNode({ baseUrl: hung.baseUrl })
    const user = await makeUser()
    for (const nodeId of [id, pelican!.nodeId])
      await makeSubuser((await makeServer({ nodeId })).id, { userId: user.id })
    const toTell = await useDrizzle().transaction((tx) => revokeEverywhere(tx, user))

    const began = Date.now()
    const telling = tellNodes(toTell)
    await eventually(
      () => told(pelican!.nodeId),
      (count) => count === 0,
      1000,
    )
    expect(await telling).toBe(false)
    expect(Date.now() - began).toBeLessThan(2500)
    expect(await told(id)).toBe(1)
  })
})

describe('a node that comes back', () => {
  it('is told when a check finds it, and by the job where the panel ended between commit and telling', async () => {
    await using panel = await panelWithNode('pelican')
    const at = await arrange(panel)
    const giveBack = await cutOff(panel)
    const path = `DELETE /api/client/servers/${at.server.identifier}/users/${at.helper.user.uuid}`
    expect((await request(path, { as: at.owner.as })).status).toBe(204)
    const [written] = await useDrizzle()
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.action, 'server:subuser.delete'))
    expect(JSON.parse(written?.metadata ?? '{}')).toEqual({ email: at.helper.user.email, revoked: false })

    await giveBack()
    const [node] = await useDrizzle().select().from(wingsNodes).where(eq(wingsNodes.id, panel.nodeId))
    await checkNode({ node: node! })
    await eventually(
      async () => at.helper.console.isOpen(),
      (isOpen) => !isOpen,
      2000,
    )
    await eventually(
      () => told(panel.nodeId),
      (count) => count === 0,
    )

    await revoke(at.helper.user, at.server)
    const { rows } = await useDrizzle().execute(
      sql`select 1 from pgboss.job where name = ${tellNodeOfAccess.name} and data->>'nodeId' = ${panel.nodeId} and state = 'created'`,
    )
    expect(rows).toHaveLength(1)
    await tellNodeOfAccess.run({ nodeId: panel.nodeId })
    expect(await told(panel.nodeId)).toBe(0)
  })

  it('is asked although the breaker is open, when it calls', async () => {
    await using panel = await panelWithNode('pelican')
    const at = await arrange(panel)
    const giveBack = await cutOff(panel)
    for (let silences = 0; silences < 3; silences++) breaker.note(panel.nodeId, 'silent')
    await tellNodes(await revoke(at.helper.user, at.server))
    await giveBack()
    expect(breaker.isOpen(panel.nodeId)).toBe(true)
    panel.wings.record({ user: null, server: at.server.uuid, event: 'server:power.start', ip: '' })
    await panel.wings.sendActivity()
    await eventually(
      () => told(panel.nodeId),
      (count) => count === 0,
      2000,
    )
  })
})

describe('the next token', () => {
  it('is none of the second in which the node refused those before', async () => {
    const half = 1000 * Math.floor(Date.now() / 1000) + 500
    noteDenial('somebody', half)
    await untilTokensCount('somebody')
    expect(Date.now()).toBeGreaterThanOrEqual(half + 500)
    const began = Date.now()
    await untilTokensCount('somebody else')
    expect(Date.now() - began).toBeLessThan(100)
  })

  it.each(['pterodactyl', 'pelican'] as const)('is taken by %s right after rights were changed', async (flavour) => {
    await using panel = await panelWithNode(flavour)
    const at = await arrange(panel)
    const reply = await request(`POST /api/client/servers/${at.server.identifier}/users/${at.helper.user.uuid}`, {
      as: at.owner.as,
      body: { permissions: ['control.stop'] },
    })
    expect(reply.status).toBe(200)
    expect(await at.helper.opensWithNewToken()).toBe(true)
  })
})

describe('sec-32: tokens for consoles', () => {
  it('are given thirty times a minute to one person for one server, and to others all the same', async () => {
    const node = await makeNode()
    const [user, other] = [await makeUser(), await makeUser()]
    const [server, second] = [
      await makeServer({ nodeId: node.id, ownerId: user.id }),
      await makeServer({ nodeId: node.id, ownerId: user.id }),
    ]
    await makeSubuser(server.id, { userId: other.id })
    const as = await signedInAs(user)
    const ask = (identifier: string, who = as) =>
      request(`GET /api/client/servers/${identifier}/websocket`, { as: who })

    const replies = await Promise.all(Array.from({ length: 35 }, () => ask(server.identifier)))
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(30)
    const refused = replies.find(({ status }) => status === 429)
    expect(refused?.body.errors[0]).toMatchObject({ code: 'ThrottleRequestsException' })
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0)

    expect((await ask(second.identifier)).status).toBe(200)
    expect((await ask(server.identifier, await signedInAs(other))).status).toBe(200)
  })
})
