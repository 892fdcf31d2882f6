import { eq, getTableName, inArray, sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { isForeignKeyViolation } from '#server/database/errors'
import * as schema from '#server/database/schema'
import * as make from '../../support/factories'

const db = useDrizzle()

const findServer = async (id: string) => (await db.select().from(schema.servers).where(eq(schema.servers.id, id)))[0]
const findPort = async (id: string | null) =>
  (
    await db
      .select()
      .from(schema.serverAllocations)
      .where(eq(schema.serverAllocations.id, id ?? ''))
  )[0]

/** A server with a row in every table that hangs on it. */
async function makeFullServer() {
  const server = await make.makeServer()
  const port = await make.makeAllocation(server.nodeId, { serverId: server.id, notes: 'query', isLocked: true })
  const [variable] = await db.select().from(schema.eggVariables).where(eq(schema.eggVariables.eggId, server.eggId))
  await make.makeServerVariable(server.id, variable!.id, 'other.jar')
  await make.makeSubuser(server.id)
  await make.makeBackup(server.id)
  await make.makeServerDatabase(server.id)
  await make.makeSchedule(server.id, {}, { tasks: [{}] })
  await make.makeTransfer(server)
  await make.makeWebhook({ serverId: server.id })
  const mount = await make.makeMount()
  await db.insert(schema.mountServers).values({ mountId: mount.id, serverId: server.id })
  await db.insert(schema.serverPlacements).values({ userId: server.ownerId, serverId: server.id })
  return { server, port }
}

const OF_SERVERS = [
  schema.serverLimits,
  schema.serverVariables,
  schema.serverSubusers,
  schema.serverBackups,
  schema.serverDatabases,
  schema.serverSchedules,
  schema.serverTransfers,
  schema.webhooks,
  schema.mountServers,
  schema.serverPlacements,
]

async function leftOvers(serverId: string): Promise<string[]> {
  const counts = await Promise.all(
    OF_SERVERS.map(async (table) => ({
      name: getTableName(table),
      count: await db.$count(table, eq(table.serverId, serverId)),
    })),
  )
  return counts.filter(({ count }) => count > 0).map(({ name }) => name)
}

describe('deleting in the database', () => {
  it('takes the servers of a user along, with all that hangs on them', async () => {
    const { server, port } = await makeFullServer()
    expect(await leftOvers(server.id)).toHaveLength(OF_SERVERS.length)

    await db.delete(schema.users).where(eq(schema.users.id, server.ownerId))

    expect(await findServer(server.id)).toBeUndefined()
    expect(await leftOvers(server.id)).toEqual([])
    for (const id of [server.allocationId, port.id]) {
      expect(await findPort(id)).toMatchObject({ serverId: null, isPrimary: false, isLocked: false, notes: null })
    }
  })

  it('takes the ports and the servers of a node along', async () => {
    const { server, port } = await makeFullServer()

    await db.delete(schema.wingsNodes).where(eq(schema.wingsNodes.id, server.nodeId))

    expect(await findServer(server.id)).toBeUndefined()
    expect(await findPort(port.id)).toBeUndefined()
    expect(await leftOvers(server.id)).toEqual([])
  })

  it('leaves a server without the port that is deleted', async () => {
    const server = await make.makeServer()

    await db.delete(schema.serverAllocations).where(eq(schema.serverAllocations.id, server.allocationId!))

    expect(await findServer(server.id)).toMatchObject({ allocationId: null })
  })

  it('is refused for a nest and an egg in use', async () => {
    const server = await make.makeServer()
    const ofEgg = db.delete(schema.eggs).where(eq(schema.eggs.id, server.eggId))
    const ofNest = db.delete(schema.nests).where(eq(schema.nests.id, server.nestId))

    await expect(ofEgg).rejects.toSatisfy((error) => isForeignKeyViolation(error, 'servers_egg_id_eggs_id_fk'))
    await expect(ofNest).rejects.toSatisfy((error) => isForeignKeyViolation(error))
  })

  it('takes a nest whose eggs inherit from each other in one statement', async () => {
    const parent = await make.makeEgg()
    const child = await make.makeEgg({ nestId: parent.nestId, configFrom: parent.id, copyScriptFrom: parent.id })

    await db.delete(schema.nests).where(eq(schema.nests.id, parent.nestId))

    expect(await db.$count(schema.eggs, inArray(schema.eggs.id, [parent.id, child.id]))).toBe(0)
  })

  it('is refused for a role, a mount, a database host and a backup host in use, and for a location with nodes', async () => {
    const role = await make.makeRole({ nodes: 1 })
    await db.insert(schema.userRoles).values({ userId: (await make.makeUser()).id, roleId: role.id })
    const server = await make.makeServer()
    const mount = await make.makeMount()
    await db.insert(schema.mountServers).values({ mountId: mount.id, serverId: server.id })
    const { databaseHostId } = await make.makeServerDatabase(server.id)
    const backupHost = await make.makeBackupHost()
    await make.makeBackup(server.id, { disk: 's3', backupHostId: backupHost.id })
    const node = await make.makeNode()

    const deletions = [
      db.delete(schema.roles).where(eq(schema.roles.id, role.id)),
      db.delete(schema.mounts).where(eq(schema.mounts.id, mount.id)),
      db.delete(schema.databaseHosts).where(eq(schema.databaseHosts.id, databaseHostId)),
      db.delete(schema.backupHosts).where(eq(schema.backupHosts.id, backupHost.id)),
      db.delete(schema.locations).where(eq(schema.locations.id, node.locationId!)),
    ]

    for (const deletion of deletions) {
      await expect(deletion).rejects.toSatisfy((error) => isForeignKeyViolation(error))
    }
  })

  it('lets the archive be found although its node is gone from the server', async () => {
    const elsewhere = await make.makeNode()
    const server = await make.makeServer()
    const backup = await make.makeBackup(server.id, { nodeId: elsewhere.id })

    await db.delete(schema.wingsNodes).where(eq(schema.wingsNodes.id, elsewhere.id))

    const [row] = await db.select().from(schema.serverBackups).where(eq(schema.serverBackups.id, backup.id))
    expect(row).toMatchObject({ nodeId: null, serverId: server.id })
  })

  it('narrows a role to no node when its last one goes', async () => {
    const node = await make.makeNode()
    const role = await make.makeRole({ nodes: 1 }, { nodeIds: [node.id] })

    await db.delete(schema.wingsNodes).where(eq(schema.wingsNodes.id, node.id))

    const [row] = await db.select().from(schema.roles).where(eq(schema.roles.id, role.id))
    expect(row).toMatchObject({ isNodeRestricted: true })
    expect(await db.$count(schema.roleNodes, eq(schema.roleNodes.roleId, role.id))).toBe(0)
  })
})

describe('a port that is released', () => {
  it('returns to the pool clean', async () => {
    const server = await make.makeServer()
    const port = await make.makeAllocation(server.nodeId, {
      serverId: server.id,
      notes: 'query',
      isLocked: true,
      ipAlias: 'play.test',
    })

    await db.update(schema.serverAllocations).set({ serverId: null }).where(eq(schema.serverAllocations.id, port.id))

    expect(await findPort(port.id)).toMatchObject({
      serverId: null,
      notes: null,
      isLocked: false,
      isPrimary: false,
      ipAlias: 'play.test',
    })
  })

  it('keeps what it was given when it goes from one server to another', async () => {
    const server = await make.makeServer()
    const other = await make.makeServer({ nodeId: server.nodeId })
    const port = await make.makeAllocation(server.nodeId, { serverId: server.id, notes: 'query' })

    await db
      .update(schema.serverAllocations)
      .set({ serverId: other.id })
      .where(eq(schema.serverAllocations.id, port.id))

    expect(await findPort(port.id)).toMatchObject({ serverId: other.id, notes: 'query' })
  })

  it('takes no notes while it is in the pool', async () => {
    const port = await make.makeAllocation((await make.makeNode()).id)
    const noted = db
      .update(schema.serverAllocations)
      .set({ notes: 'mine' })
      .where(eq(schema.serverAllocations.id, port.id))

    await expect(noted).rejects.toThrow()
  })
})

describe('foreign keys', () => {
  it('each have an index that begins with them', async () => {
    const { rows } = await db.execute(sql`
      select constrained.conrelid::regclass || '.' || attribute.attname as key
        from pg_constraint constrained
        join pg_attribute attribute on attribute.attrelid = constrained.conrelid and attribute.attnum = constrained.conkey[1]
       where constrained.contype = 'f' and constrained.connamespace = 'public'::regnamespace
         and not exists (select from pg_index where indrelid = constrained.conrelid and indkey[0] = constrained.conkey[1])
       order by 1`)

    // Dozens of rows, whose parents are deleted by hand.
    expect(rows.map(({ key }) => key)).toEqual(['eggs.icon_id', 'eggs.source_id'])
  })
})
