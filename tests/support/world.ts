import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { useDrizzle } from '#server/database/client'
import { hashOf } from '#server/database/hash'
import { apikeyPermissions } from '#server/database/json'
import { apiKeys, type UserRow } from '#server/database/schema'
import { SERVER_PERMISSIONS, type Grants } from '#shared/permissions'
import { asNode, nobody, signedInAs, withKey, type Caller } from './api'
import {
  makeAllocation,
  makeBackup,
  makeBackupHost,
  makeDatabaseHost,
  makeEgg,
  makeEggSource,
  makeMount,
  makeIdentityProvider,
  makeNode,
  makeRole,
  makeRootAdmin,
  makeSchedule,
  makeScheduleTask,
  makeServer,
  makeServerDatabase,
  makeSubuser,
  makeUser,
} from './factories'

/** An application key in somebody's hands. */
export async function makeKey(owner: UserRow, carries: Grants): Promise<Caller> {
  const key = `ptla_${randomBytes(32).toString('hex').slice(0, 43)}`
  await useDrizzle()
    .insert(apiKeys)
    .values({
      identifier: key.slice(0, 16),
      key: hashOf(key),
      memo: 'test',
      kind: 'application',
      userId: owner.id,
      permissions: z.encode(apikeyPermissions, carries as Record<string, number>),
    })
  return withKey(key)
}

/** One server with everybody around it. Made once for a test file. */
export async function makeWorld() {
  const node = await makeNode({ memory: 100_000, disk: 1_000_000 })
  const [otherNode, targetNode] = [await makeNode(), await makeNode()]
  const [ownerUser, strangerUser, bystanderUser, helperUser, rootUser] = [
    await makeUser(),
    await makeUser(),
    await makeUser(),
    await makeUser(),
    await makeRootAdmin(),
  ]
  const egg = await makeEgg()
  const server = await makeServer({ nodeId: node.id, ownerId: ownerUser.id, eggId: egg.id, nestId: egg.nestId })
  await makeSubuser(server.id, { userId: bystanderUser.id, permissions: ['websocket.connect'] })
  await makeSubuser(server.id, { userId: helperUser.id, permissions: [...SERVER_PERMISSIONS] })
  const backup = await makeBackup(server.id)
  const schedule = await makeSchedule(server.id)
  const task = await makeScheduleTask(schedule.id)
  const allocation = await makeAllocation(node.id)
  const ownAllocation = await makeAllocation(node.id, { serverId: server.id })
  const role = await makeRole({ audit: 1 })
  const eggSource = await makeEggSource()
  const backupHost = await makeBackupHost({ nodeIds: [otherNode.id] })

  // Nobody listens there, and whoever asks is told so at once.
  const databaseHost = await makeDatabaseHost({ host: '127.0.0.1', port: 9 })
  const database = await makeServerDatabase(server.id, { databaseHostId: databaseHost.id })
  const mount = await makeMount({ nodeIds: [node.id], eggIds: [egg.id], userMountable: true })
  const provider = await makeIdentityProvider({ kind: 'github' })

  const callers = {
    nobody,
    stranger: await signedInAs(strangerUser),
    bystander: await signedInAs(bystanderUser),
    helper: await signedInAs(helperUser),
    owner: await signedInAs(ownerUser),
    root: await signedInAs(rootUser),
    key: await makeKey(rootUser, { servers: 1, nodes: 1, allocations: 1, users: 1, locations: 1, nests: 1, eggs: 1 }),
    node: asNode(node),
    'other-node': asNode(otherNode),
    'target-node': asNode(targetNode),
  } satisfies Record<string, Caller>

  /** A path with this world's own things in it. */
  const path = (pattern: string) => {
    const isNumbered = pattern.startsWith('/api/application')
    const values: Record<string, string> = {
      server: isNumbered ? server.id : server.uuid,
      node: node.id,
      backup: backup.uuid,
      allocation: isNumbered ? allocation.id : ownAllocation.id,
      schedule: schedule.id,
      task: task.id,
      location: String(node.locationId),
      // In the client API only whom the server is shared with.
      user: isNumbered ? strangerUser.id : bystanderUser.uuid,
      nest: egg.nestId,
      egg: egg.id,
      backupHost: backupHost.id,
      databaseHost: databaseHost.id,
      database: database.id,
      eggSource: eggSource.id,
      role: role.id,
      mount: isNumbered ? mount.id : mount.uuid,
      provider: provider.id,
      external: 'nothing-of-this-name',
      template: 'panel.test',
      language: 'en',
      brand: 'logo',
    }
    return pattern.replace(/:(\w+)/g, (_, name: string) => values[name] ?? '1')
  }

  return {
    callers,
    path,
    server,
    node,
    targetNode,
    backup,
    egg,
    users: { owner: ownerUser, stranger: strangerUser, bystander: bystanderUser, helper: helperUser, root: rootUser },
  }
}

export type World = Awaited<ReturnType<typeof makeWorld>>
