import { describe, expect, it } from 'vitest'
import { setTimeout as sleep } from 'node:timers/promises'
import { stats, liveResources } from '#shared/contracts/client/resources'
import { request, signedInAs } from '../../support/api'
import { makeNode, makeServer, makeSubuser, makeUser } from '../../support/factories'
import { printedServer, startHungNode, startPlainNode } from '../../support/plain-nodes'

async function arrange(baseUrl: string, values: Parameters<typeof makeServer>[0] = {}) {
  const owner = await makeUser()
  const node = await makeNode({ baseUrl })
  const server = await makeServer({ ownerId: owner.id, nodeId: node.id, ...values })
  return { owner, node, server, as: await signedInAs(owner) }
}

describe('GET /api/client/servers/:server/resources', () => {
  it('says what the server uses, and asks its node once for all', async () => {
    await using wings = await startPlainNode(
      ({ url }, response) => void response.end(JSON.stringify(printedServer(url!.split('/').at(-1)!))),
    )
    const { server, as } = await arrange(wings.baseUrl)
    const path = `GET /api/client/servers/${server.identifier}/resources`

    const [reply] = await Promise.all([request(path, { as }), request(path, { as }), request(path, { as })])
    expect(reply).toMatchObject({
      status: 200,
      body: { object: 'stats', attributes: { current_state: 'running', is_suspended: false } },
    })
    expect(stats.parse(reply!.body).attributes.resources).toEqual({
      memory_bytes: 1024,
      cpu_absolute: 12.5,
      disk_bytes: 2048,
      network_rx_bytes: 3,
      network_tx_bytes: 4,
      uptime: 60_000,
    })
    await request(path, { as })
    expect(wings.asked).toEqual([`GET /api/servers/${server.uuid}`])
  })

  it.each([
    [404, { error: 'The requested resource does not exist on this instance.' }],
    [500, { error: 'An unexpected error' }],
  ])('answers 504 to a node that answers %i, and names that', async (status, body) => {
    await using wings = await startPlainNode(
      (_, response) => void response.writeHead(status, { 'x-request-id': 'r-1' }).end(JSON.stringify(body)),
    )
    const { server, as } = await arrange(wings.baseUrl)
    const reply = await request(`GET /api/client/servers/${server.identifier}/resources`, { as })
    expect(reply).toMatchObject({
      status: 504,
      body: {
        errors: [
          {
            code: 'DaemonConnectionException',
            status: '504',
            detail: expect.stringContaining(`(code: ${status}) (request_id: r-1)`),
          },
        ],
      },
    })
  })

  it('answers 504 to one that does not answer', async () => {
    const { server, as } = await arrange('http://127.0.0.1:1')
    const reply = await request(`GET /api/client/servers/${server.identifier}/resources`, { as })
    expect(reply).toMatchObject({
      status: 504,
      body: { errors: [{ detail: expect.stringMatching(/^Could not establish a connection/) }] },
    })
  })
})

describe('GET /api/client/resources', () => {
  it('answers for a whole page at once, with null for what there is nothing to see of', async () => {
    const printed: unknown[] = []
    await using wings = await startPlainNode((_, response) => void response.end(JSON.stringify(printed)))
    const { owner, node, server, as } = await arrange(wings.baseUrl)
    const place = { ownerId: owner.id, nodeId: node.id }
    const [second, suspended, installing, foreign, shared] = [
      await makeServer(place),
      await makeServer({ ...place, suspended: true }),
      await makeServer({ ...place, status: 'installing' }),
      await makeServer({ nodeId: node.id }),
      await makeServer({ nodeId: node.id }),
    ]
    await makeSubuser(shared.id, { userId: owner.id })
    const absent = await makeServer(place)
    printed.push(...[server, second, suspended, installing, foreign, shared].map(({ uuid }) => printedServer(uuid)))

    const names = [
      server.identifier,
      second.uuid,
      suspended.identifier,
      installing.identifier,
      foreign.identifier,
      shared.identifier,
      absent.identifier,
      'zzzzzzzz',
    ]
    const reply = await request(`GET /api/client/resources?servers=${names.join(',')}`, { as })
    expect(reply.status).toBe(200)
    const { servers } = liveResources.parse(reply.body).attributes
    expect(Object.keys(servers).toSorted()).toEqual(names.toSorted())
    expect(names.filter((name) => servers[name]?.current_state === 'running')).toEqual([
      server.identifier,
      second.uuid,
      shared.identifier,
    ])
    expect(wings.asked).toEqual(['GET /api/servers'])
  })

  it('costs nothing when a node is hung: the others answer, and after the first time nobody waits', async () => {
    await using hung = await startHungNode()
    let printed: unknown[] = []
    await using wings = await startPlainNode((_, response) => void response.end(JSON.stringify(printed)))
    const { owner, server, as } = await arrange(wings.baseUrl)
    const silent = await makeServer({ ownerId: owner.id, nodeId: (await makeNode({ baseUrl: hung.baseUrl })).id })
    printed = [printedServer(server.uuid)]
    const ask = () => request(`GET /api/client/resources?servers=${server.identifier},${silent.identifier}`, { as })

    const first = performance.now()
    const expected = {
      [server.identifier]: expect.objectContaining({ current_state: 'running' }),
      [silent.identifier]: null,
    }
    expect((await ask()).body.attributes.servers).toEqual(expected)
    expect(performance.now() - first).toBeLessThan(1_200)

    const later = performance.now()
    for (let time = 0; time < 5; time++) expect((await ask()).body.attributes.servers).toEqual(expected)
    expect((performance.now() - later) / 5).toBeLessThan(60)
    await sleep(10)
    expect(hung.connections.size).toBeLessThanOrEqual(1)
  })

  it.each([
    '',
    'servers=',
    'servers=%2e%2e',
    `servers=${'a'.repeat(8)},x`,
    `servers=${Array.from({ length: 101 }, (_, n) => String(10_000_000 + n)).join(',')}`,
  ])('refuses ?%s', async (query) => {
    const as = await signedInAs(await makeUser())
    expect((await request(`GET /api/client/resources?${query}`, { as })).status).toBe(422)
  })

  it('asks who is calling', async () => {
    expect((await request('GET /api/client/resources?servers=aaaaaaaa')).status).toBe(401)
  })
})
