import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { databaseHosts, serverDatabases, servers } from '#server/database/schema'
import { dropDatabase } from '#server/services/databases/drop-database'
import { request } from '../../support/api'
import { makeAllocation, makeDatabaseHost } from '../../support/factories'
import { createServer, eventually, panelWithNode, statusOf, type PanelWithNode } from '../../support/panel-with-node'
import { postgresqlHost, type PostgresqlHost } from './postgresql-host'

describe('a server that ends', () => {
  let [panel, host] = [] as unknown as [PanelWithNode, PostgresqlHost]
  beforeAll(async () => {
    panel = await panelWithNode()
    host = await postgresqlHost()
  })
  afterAll(async () => {
    await panel.wings.stop()
    await host.close()
  })

  async function furnished() {
    const row = await makeDatabaseHost({ ...host.address, nodeIds: [panel.nodeId] })
    const allocation = await makeAllocation(panel.nodeId)
    const { body } = await createServer(panel, {
      allocation: { default: Number(allocation.id) },
      feature_limits: { databases: 2, backups: 0, allocations: 0 },
    })
    const { id, identifier } = body.attributes
    await eventually(statusOf(panel.callers.owner, identifier), (status) => status === null)
    const made = await request(`POST /api/client/servers/${identifier}/databases`, {
      as: panel.callers.owner,
      body: { database: 'shop', remote: '%', host: Number(row.id) },
    })
    expect(made.status).toBe(200)
    return { id: String(id), hostId: row.id, name: made.body.attributes.name as string }
  }
  const move = (hostId: string, port: number) =>
    useDrizzle().update(databaseHosts).set({ port }).where(eq(databaseHosts.id, hostId))
  const remove = (id: string) => request(`DELETE /api/application/servers/${id}`, { as: panel.callers.root })
  const left = async (id: string) =>
    (await host.ask(`select datname from pg_database where datname like 's${id}\\_%'`)).length +
    (await host.ask(`select rolname from pg_roles where rolname like 'u${id}\\_%'`)).length

  it('takes its databases along', async () => {
    const { id } = await furnished()
    expect([(await remove(id)).status, await left(id)]).toEqual([204, 0])
    expect(await useDrizzle().$count(serverDatabases, eq(serverDatabases.serverId, id))).toBe(0)
  })

  it('stays where their host is down, and goes at the second try', async () => {
    const { id, hostId } = await furnished()
    await move(hostId, 9)
    const refused = await remove(id)
    expect([refused.status, refused.body.errors[0].meta.reason]).toEqual([504, 'database.host_silent'])
    expect(await useDrizzle().$count(servers, eq(servers.id, id))).toBe(1)
    expect(await useDrizzle().$count(serverDatabases, eq(serverDatabases.serverId, id))).toBe(1)
    await move(hostId, host.address.port)
    expect([(await remove(id)).status, await left(id)]).toEqual([204, 0])
  })

  it('leaves a late job nothing to drop that has a row again', async () => {
    const { id, hostId, name } = await furnished()
    const [row] = await useDrizzle().select().from(serverDatabases).where(eq(serverDatabases.serverId, id))
    await dropDatabase({ databaseHostId: hostId, database: name, username: row!.username, remote: '%', wasMade: true })
    expect(await left(id)).toBe(2)
    expect((await remove(id)).status).toBe(204)
  })
})
