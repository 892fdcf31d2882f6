import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { users, type RoleRow, type UserRow, type WingsNodeRow } from '#server/database/schema'
import { deleteRole } from '#server/services/roles/delete-role'
import { createRole, updateRole } from '#server/services/roles/save-role'
import { getRole } from '#server/services/roles/queries'
import { actAs } from '#server/services/users/act-as'
import { deleteUser } from '#server/services/users/delete-user'
import { removeAvatar } from '#server/services/users/remove-avatar'
import { setRoles } from '#server/services/users/set-roles'
import { setTemporaryPassword } from '#server/services/users/set-temporary-password'
import { suspendUser } from '#server/services/users/suspend-user'
import { updateUser } from '#server/services/users/update-user'
import {
  makeAdministrator,
  makeApiKey,
  makeNode,
  makeRole,
  makeServer,
  makeSubuser,
  makeTwoFactor,
  makeUser,
} from '../../support/factories'
import { request, signedInAs, withKey, type Caller, type Reply } from '../../support/api'

let [mine, other]: WingsNodeRow[] = []
/** Of people, on one node of two: in a browser, and by a key that carries all that he holds. */
let [limited, key]: Caller[] = []
beforeAll(async () => {
  ;[mine, other] = [await makeNode(), await makeNode()]
  const me = await makeAdministrator({ users: 3, impersonation: 3 }, { nodeIds: [mine.id] })
  limited = await signedInAs(me)
  key = withKey((await makeApiKey(me.id, { kind: 'application', permissions: { users: 3 } })).token)
})

const reasonOf = ({ status, body }: Reply) => [status, body?.errors?.[0]?.meta.reason]
const stored = async (id: string) => (await useDrizzle().select().from(users).where(eq(users.id, id)))[0]

/** Somebody with a second factor, and with a server there: his own or shared with him. */
async function personWith(node: WingsNodeRow | undefined, { isShared = false } = {}): Promise<UserRow> {
  const user = await makeUser({ useTotp: true })
  await makeTwoFactor(user.id)
  const server = await makeServer({ nodeId: node?.id, ...(!isShared && { ownerId: user.id }) })
  if (isShared) await makeSubuser(server.id, { userId: user.id })
  return user
}

const given = ({ username, email }: UserRow) => ({ username, email, first_name: 'Ada', last_name: 'Lovelace' })

/** What opens an account to who did it. */
const DOORS: [string, (user: UserRow) => [signature: string, body?: object], by: () => (Caller | undefined)[]][] = [
  ['a temporary password', () => ['POST /temporary-password', {}], () => [limited]],
  ['a link', () => ['POST /link', {}], () => [limited, key]],
  ['his password', (user) => ['PATCH', { ...given(user), password: 'mine for ever' }], () => [limited, key]],
  ['his address', (user) => ['PATCH', { ...given(user), email: `x${user.email}` }], () => [limited, key]],
  ['his name', (user) => ['PATCH', { ...given(user), username: `x${user.username}` }], () => [limited, key]],
  ['no second factor', () => ['DELETE /two-factor'], () => [limited, key]],
  ['acting as him', () => ['POST /act-as', {}], () => [limited]],
]

describe('sec-21 whoever is limited to nodes', () => {
  const ask = (user: UserRow, [signature, body]: [string, object?], as?: Caller) => {
    const [method, rest = ''] = signature.split(' ')
    return request(`${method} /api/application/users/${user.id}${rest}`, { as, ...(body && { body }) })
  }

  it.each(DOORS)('comes to no server on another node by %s', async (_, door, by) => {
    for (const user of [await personWith(other), await personWith(other, { isShared: true })]) {
      const before = await stored(user.id)
      for (const as of by()) expect(reasonOf(await ask(user, door(user), as))).toEqual([403, 'user.servers_beyond'])
      expect(await stored(user.id)).toEqual(before)
    }
  })

  // The last one ends the browser's session: it is the last.
  it.each(DOORS)('comes to those that he reaches by %s', async (_, door, by) => {
    for (const as of by()) {
      const user = await personWith(mine)
      expect([200, 204]).toContain((await ask(user, door(user), as)).status)
    }
  })

  it('changes what opens nothing, as a program does that sends all of it', async () => {
    const user = await personWith(other)
    const body = { ...given(user), email: user.email.toUpperCase(), first_name: 'Countess' }
    expect((await ask(user, ['PATCH', body], key)).body.attributes.first_name).toBe('Countess')
  })
})

describe('rights that ended while the request was under way', () => {
  /** As the door saw him, before all that he had was taken. */
  async function formerly(grants: Record<string, number>): Promise<Person> {
    const user = await makeAdministrator({})
    return {
      userId: user.id,
      uuid: user.uuid,
      username: user.username,
      isRootAdmin: false,
      grants,
      nodeIds: null,
      door: { kind: 'session', sessionId: 'ended', impersonatorId: null },
      ip: '203.0.113.7',
      userAgent: null,
    }
  }
  const refused = (asked: Promise<unknown>) => expect(asked).rejects.toMatchObject({ code: 'auth.forbidden' })

  it('change no account', async () => {
    const [actor, user] = [await formerly({ users: 3, impersonation: 3 }), await makeUser()]
    await refused(updateUser({ actor, user, change: { nameFirst: 'Mine' } }))
    await refused(setTemporaryPassword({ actor, user }))
    await refused(suspendUser({ actor, user }))
    await refused(removeAvatar({ actor, user }))
    await refused(deleteUser({ actor, user }))
    await refused(actAs({ actor, user, visitor: { panelAddress: '', ip: '', userAgent: null, trustTokens: [] } }))
    expect(await stored(user.id)).toEqual(user)
  })

  it('make, change, give and delete no role', async () => {
    const [actor, user] = [await formerly({ roles: 3, users: 3 }), await makeUser()]
    const role: RoleRow = await makeRole({ users: 1 })
    const before = await getRole(role.id)
    await refused(createRole({ actor, asked: { name: 'Mine' } }))
    await refused(updateRole({ actor, role, asked: { grants: { users: 3 } } }))
    await refused(setRoles({ actor, user, change: () => [role.id] }))
    await refused(deleteRole({ actor, role }))
    expect(await getRole(role.id)).toEqual(before)
    expect(await stored(user.id)).toEqual(user)
  })
})
