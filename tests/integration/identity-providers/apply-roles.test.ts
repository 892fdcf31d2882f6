import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { accessRevocations, sessions, userRoles, users, type UserRow } from '#server/database/schema'
import { applyRoles } from '#server/services/identity-providers/apply-roles'
import { providerOf } from '#server/services/identity-providers/provider'
import { signedInAs } from '../../support/api'
import { makeAdministrator, makeNode, makeRole, makeRootAdmin, makeServer, makeUser } from '../../support/factories'
import { makeOidc } from './arrange'

async function arrange(grants: Record<string, number>) {
  const role = await makeRole(grants)
  const options = { rolesClaim: 'groups', roles: { staff: role.id } }
  return { role, provider: providerOf(await makeOidc('https://id.kestrel.test', { options })) }
}
const apply = (user: UserRow, provider: Parameters<typeof applyRoles>[1]['provider'], groups: string[]) =>
  useDrizzle().transaction((tx) => applyRoles(tx, { user, provider, claims: { groups } }))
const rolesOf = async (user: UserRow) =>
  (await useDrizzle().select().from(userRoles).where(eq(userRoles.userId, user.id))).map(({ roleId }) => roleId)

describe('roles that a provider gives and takes', () => {
  it('close what their holder had open with them, and end the sessions that compared rights', async () => {
    const node = await makeNode()
    await makeServer({ nodeId: node.id })
    const { role, provider } = await arrange({ servers: 3 })
    const user = await makeUser({ role: 'admin' })
    await useDrizzle().insert(userRoles).values({ userId: user.id, roleId: role.id })
    const acting = await signedInAs(await makeUser(), { impersonatedBy: user.id })

    const { toTell } = await apply(user, provider, [])
    expect(toTell).toContain(node.id)
    expect(await useDrizzle().$count(accessRevocations, eq(accessRevocations.userId, user.id))).toBeGreaterThan(0)
    expect(await useDrizzle().$count(sessions, eq(sessions.sessionToken, acting.token))).toBe(0)
  })

  it('end the sessions in which somebody acts as whom they give more', async () => {
    const { provider } = await arrange({ nodes: 3 })
    const user = await makeUser()
    const acting = await signedInAs(user, { impersonatedBy: (await makeAdministrator({ impersonation: 3 })).id })
    await apply(user, provider, ['staff'])
    expect(await useDrizzle().$count(sessions, eq(sessions.sessionToken, acting.token))).toBe(0)
  })

  it('go by the account as it is, not as it was found', async () => {
    const { provider } = await arrange({ nodes: 1 })
    const root = await makeRootAdmin()
    await apply({ ...root, rootAdmin: false, role: 'user' }, provider, ['staff'])
    expect(await rolesOf(root)).toEqual([])
    const [after] = await useDrizzle().select().from(users).where(eq(users.id, root.id))
    expect(after).toMatchObject({ rootAdmin: true, role: 'admin' })
  })

  it('wait for another change of the same person', async () => {
    const { provider } = await arrange({ nodes: 1 })
    const user = await makeUser()
    const held = Promise.withResolvers<void>()
    const other = useDrizzle().transaction(async (tx) => {
      await tx.update(users).set({ rootAdmin: true, role: 'admin' }).where(eq(users.id, user.id))
      held.resolve()
      await new Promise((later) => setTimeout(later, 200))
    })
    await held.promise
    await apply(user, provider, ['staff'])
    await other
    expect(await rolesOf(user)).toEqual([])
  })
})
