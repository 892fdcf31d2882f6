import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import {
  accounts,
  auditEvents,
  eggs,
  locations,
  nests,
  serverAllocations,
  sessions,
  wingsNodes,
} from '#server/database/schema'
import createAllocations from '../../../bin/commands/create-allocations.ts'
import createKey from '../../../bin/commands/create-key.ts'
import createLocation from '../../../bin/commands/create-location.ts'
import createNode from '../../../bin/commands/create-node.ts'
import doctor from '../../../bin/commands/doctor.ts'
import importEgg from '../../../bin/commands/import-egg.ts'
import listServers from '../../../bin/commands/list-servers.ts'
import migrate from '../../../bin/commands/migrate.ts'
import nodeConfiguration from '../../../bin/commands/node-configuration.ts'
import resetPassword from '../../../bin/commands/reset-password.ts'
import start from '../../../bin/commands/start.ts'
import testMail from '../../../bin/commands/test-mail.ts'
import { request, signedInAs } from '../../support/api'
import { runHere, type Printed } from '../../support/command'
import { makeNode, makeServer, makeUser } from '../../support/factories'

const place = ['--location', 'ham', '--fqdn', 'node.example.com']

describe('xyra, from a location to a port', () => {
  it('makes a location, a node in it, its configuration and its ports', async () => {
    const made = await runHere(createLocation, '--short', 'ham', '--long', 'Hamburg', '--json')
    const location = JSON.parse(made.stdout) as { id: number }
    expect([made.code, location]).toEqual([0, { id: expect.any(Number), short: 'ham', long: 'Hamburg' }])

    const created = await runHere(
      createNode,
      '--name',
      'ham-1',
      ...place,
      '--memory',
      '64GiB',
      '--disk',
      '512000',
      '--json',
    )
    expect(JSON.parse(created.stdout)).toEqual({
      id: expect.any(Number),
      uuid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: 'ham-1',
      fqdn: 'node.example.com',
      location_id: location.id,
    })
    const [node] = await useDrizzle().select().from(wingsNodes).where(eq(wingsNodes.name, 'ham-1'))
    expect(node).toMatchObject({ memory: 65_536, disk: 512_000, scheme: 'https', daemonListen: 8080, public: true })

    const told = JSON.parse((await runHere(nodeConfiguration, '--node', 'HAM-1', '--json')).stdout)
    expect(told).toMatchObject({ uuid: node?.uuid, token_id: node?.tokenIdentifier, token: node?.tokenSecret })
    const yaml = (await runHere(nodeConfiguration, '--node', String(node?.id))).stdout
    expect(yaml).toContain(`\ntoken: ${node?.tokenSecret}\n`)

    const ports = ['--node', 'ham-1', '--ip', '198.51.100.7', '--ports', '25565-25574,27015', '--json']
    expect(JSON.parse((await runHere(createAllocations, ...ports)).stdout)).toEqual({ node: 'ham-1', added: 11 })
    expect(JSON.parse((await runHere(createAllocations, ...ports)).stdout)).toEqual({ node: 'ham-1', added: 0 })
    expect(await useDrizzle().$count(serverAllocations, eq(serverAllocations.nodeId, node?.id ?? ''))).toBe(11)
  })

  it('records what it did, and never a secret', async () => {
    const events = await useDrizzle().select().from(auditEvents).where(eq(auditEvents.actorType, 'system'))
    const [node] = await useDrizzle().select().from(wingsNodes).where(eq(wingsNodes.name, 'ham-1'))
    expect(events.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['admin:location.create', 'admin:node.create', 'admin:allocation.create']),
    )
    expect(JSON.stringify(events)).not.toContain(node?.tokenSecret)
  })

  it('says what is wrong in the words of its options, ends with 2 where it was called wrongly, and makes nothing', async () => {
    const before = [await useDrizzle().$count(wingsNodes), await useDrizzle().$count(locations)]
    const size = ['--memory', '1GiB', '--disk', '1GiB']
    const node = ['--name', 'x', ...place]
    const key = ['--user', 'marta', '--name', 'billing', '--kind', 'application']
    const tries: [() => Promise<Printed>, number, RegExp][] = [
      [() => runHere(createLocation, '--short', 'ham'), 1, /^short: The short has already been taken\.$/],
      [() => runHere(createLocation), 2, /--short/],
      [() => runHere(createLocation, '--short', 'a', '--longer', 'b'), 2, /^There is no option --longer\.$/],
      [() => runHere(createNode, ...node, '--memory', 'lots', '--disk', '1'), 2, /^--memory: "lots" is no size\./],
      [() => runHere(createNode, ...node, ...size, '--port', '99999'), 2, /^--port: .*greater than 65535/],
      [() => runHere(createNode, ...node, ...size, '--scheme', 'ftp'), 2, /^Invalid value for argument: --scheme/],
      [() => runHere(createNode, ...node, ...size, '--fqdn', 'https://a.example.com'), 2, /^--fqdn: .*format/],
      [
        () => runHere(createKey, ...key, '--level', 'nonsense'),
        2,
        /^--level: There is no nonsense\. Say one of .*servers/,
      ],
      [() => runHere(createKey, ...key, '--level', 'servers=9'), 2, /^--level: .*greater than 3/],
      [() => runHere(listServers, '--status', 'runing'), 2, /^--status: There is no runing\. Say normal,/],
      [() => runHere(testMail, '--to', 'nobody'), 2, /^--to: .*valid email/],
      [() => runHere(migrate, '--jsn'), 2, /^There is no option --jsn\.$/],
      [() => runHere(doctor, 'nodes'), 2, /more than this command takes: nodes/],
      [() => runHere(start, '--port', '3001'), 2, /^There is no option --port\.$/],
      [() => runHere(createKey, '--user', 'marta', '--name', 'billing'), 2, /--kind/],
      [() => runHere(createLocation, 'north', '--short', 'north'), 2, /more than this command takes: north/],
      [
        () => runHere(createNode, '--name', 'x', '--location', 'nowhere', '--fqdn', 'a.example.com', ...size),
        1,
        /no location nowhere/,
      ],
      [() => runHere(createAllocations, '--node', 'ham-1', '--ip', '198.51.100.7', '--ports', '80'), 1, /port/i],
      [
        () => runHere(createAllocations, '--node', 'none', '--ip', '198.51.100.7', '--ports', '25565'),
        1,
        /no node none/,
      ],
      [() => runHere(nodeConfiguration, '--node', 'none'), 1, /no node none/],
      [() => runHere(importEgg, '--file', '/nowhere/egg.json'), 1, /cannot be read: ENOENT/],
      [() => runHere(importEgg, '--file', 'package.json'), 1, /./],
    ]
    for (const [run, code, sentence] of tries) {
      const { stdout, stderr, code: ended } = await run()
      expect([ended, stdout, stderr]).toEqual([code, '', expect.stringMatching(sentence)])
      expect(stderr).not.toMatch(/\n\s+at /)
    }
    expect([await useDrizzle().$count(wingsNodes), await useDrizzle().$count(locations)]).toEqual(before)
  })

  it('imports an egg into the nest that was named', async () => {
    const [nest] = await useDrizzle()
      .insert(nests)
      .values({ name: 'Sandbox', author: 'a@example.com', uuid: crypto.randomUUID() })
      .returning()
    const { stdout, code } = await runHere(
      importEgg,
      '--file',
      'tests/fixtures/eggs/ptdl-v2.json',
      '--nest',
      'sandbox',
      '--json',
    )
    expect(code).toBe(0)
    const { id } = JSON.parse(stdout) as { id: number }
    const [egg] = await useDrizzle()
      .select()
      .from(eggs)
      .where(eq(eggs.id, String(id)))
    expect(egg?.nestId).toBe(nest?.id)
  })

  it('lists servers by node and owner', async () => {
    const [owner, node] = [await makeUser(), await makeNode({ name: 'listed' })]
    const server = await makeServer({ ownerId: owner.id, nodeId: node.id, name: 'Mine' })
    await makeServer({ name: 'Other' })
    const found = await runHere(listServers, '--node', 'listed', '--owner', owner.username, '--json')
    expect(JSON.parse(found.stdout)).toEqual([
      expect.objectContaining({
        id: Number(server.id),
        identifier: server.identifier,
        name: 'Mine',
        owner_id: Number(owner.id),
      }),
    ])
    expect((await runHere(listServers, '--search', 'Yours')).stdout).toBe('')
    expect((await runHere(listServers, '--search', 'Mine')).stdout).toBe(`${server.identifier}\tnormal\tMine`)
  })
})

describe('xyra reset-password', () => {
  it('prints a new one, with which nobody who was signed in stays so', async () => {
    const user = await makeUser()
    const as = await signedInAs(user)
    expect((await request('GET /api/client/account', { as })).status).toBe(200)

    const { stdout, code } = await runHere(resetPassword, '--user', user.email, '--json')
    expect([code, JSON.parse(stdout)]).toEqual([
      0,
      { username: user.username, password: expect.stringMatching(/^\S{20}$/) },
    ])
    expect(await useDrizzle().$count(sessions, eq(sessions.userId, user.id))).toBe(0)
    expect((await request('GET /api/client/account', { as })).status).toBe(401)
    const [held] = await useDrizzle().select().from(accounts).where(eq(accounts.userId, user.id))
    expect(held?.password).not.toBeNull()
    expect((await runHere(resetPassword, '--user', user.email, '--password', 'short')).stderr).toMatch(/^--password: /)
    expect((await runHere(resetPassword, '--user', 'nobody')).stderr).toBe('Nobody here is called nobody.')
  })
})
