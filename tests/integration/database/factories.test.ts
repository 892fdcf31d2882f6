import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { accounts, eggVariables, serverAllocations, serverLimits } from '#server/database/schema'
import * as make from '../../support/factories'

describe('factories', () => {
  it('make a server with all that belongs to it', async () => {
    const server = await make.makeServer({ backupLimit: 5 }, { limits: { memory: 2048 } })

    const db = useDrizzle()
    const limits = await db.select().from(serverLimits).where(eq(serverLimits.serverId, server.id))
    const ports = await db.select().from(serverAllocations).where(eq(serverAllocations.serverId, server.id))
    const variables = await db.select().from(eggVariables).where(eq(eggVariables.eggId, server.eggId))

    expect(limits).toMatchObject([{ memory: 2048, backupLimit: 5, databaseLimit: 2 }])
    expect(ports).toMatchObject([{ id: server.allocationId, nodeId: server.nodeId, isPrimary: true }])
    expect(variables).toHaveLength(2)
  })

  it('make a suspended server and one whose port is gone', async () => {
    expect(await make.makeServer({ status: 'suspended' })).toMatchObject({ suspended: true, status: 'suspended' })
    expect(await make.makeServer({ allocationId: null })).toMatchObject({ allocationId: null })
  })

  it('make somebody who can sign in', async () => {
    const user = await make.makeRootAdmin({ suspended: true }, { password: 'correct horse' })
    const [account] = await useDrizzle().select().from(accounts).where(eq(accounts.userId, user.id))

    expect(user).toMatchObject({ rootAdmin: true, role: 'admin', banned: true })
    expect(account).toMatchObject({ provider: 'credential', accountId: user.id })
    expect(account?.password).toMatch(/^[0-9a-f]+:[0-9a-f]+$/)
  })

  it('make everything else that tests ask for', async () => {
    const user = await make.makeUser()
    const server = await make.makeServer({ ownerId: user.id })
    const key = await make.makeApiKey(user.id, {
      kind: 'application',
      permissions: { servers: 3 },
      allowedIps: ['10.0.0.0/8'],
    })

    expect(key.token.slice(0, 16)).toBe(key.identifier)
    await make.makeApiKey(user.id, { kind: 'deploy', nodeId: server.nodeId })
    await make.makeApiKey(user.id, { permissions: { servers: [server.id], permissions: null } })
    await make.makeTwoFactor(user.id)
    await make.makeSshKey(user.id)
    await make.makeLinkedAccount(user.id, 'github')
    await make.makeAdministrator({ nodes: 1 }, { nodeIds: [server.nodeId] })
    await make.makeIdentityProvider()
    await make.makeMount({ nodeIds: [server.nodeId], eggIds: [server.eggId] })
    await make.makeBackupHost({ nodeIds: [server.nodeId] })
    await make.makeBackupHost({ kind: 'wings' })
    await make.makeSubuser(server.id, { permissions: ['file.read'] })
    await make.makePermissionPreset(['file.read'], { userId: user.id })
    await make.makeBackup(server.id)
    await make.makeBackup(server.id, { completedAt: null })
    await make.makeServerDatabase(server.id)
    await make.makeSchedule(server.id, {}, { tasks: [{}, { action: 'backup', payload: '' }] })
    await make.makeTransfer(server)
    await make.makeWebhook({ serverId: server.id })
    await make.makeSecretSetting('mail.password')
  })
})
