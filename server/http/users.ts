import type { Person } from '#server/auth/actor'
import type { UserRow } from '#server/database/schema'
import { serializeManagedServer } from '#server/serializers/application/server'
import { serializeRole } from '#server/serializers/application/role'
import { serializeStanding, serializeUser } from '#server/serializers/application/user'
import { listOf, NOTHING } from '#server/serializers/envelope'
import { viewManagedMany } from '#server/services/servers/list-servers'
import { rolesOf } from '#server/services/roles/queries'
import { ownedBy, standingsOf, type ListedUser } from '#server/services/users/queries'
import type { user } from '#shared/contracts/application/users'
import type { Wire } from '#shared/contracts/envelope'
import { readIncludes } from './includes'

type Relationships = NonNullable<Wire<typeof user>['attributes']['relationships']>

/** What was asked to be included, by user; what the caller may not read is a null resource. */
export async function relateUsers(
  actor: Person,
  asked: readonly string[],
  rows: readonly ListedUser[],
): Promise<Map<string, Relationships>> {
  const { loaded, denied } = readIncludes(actor, asked, { servers: 'servers', standing: 'users', roles: 'roles' })
  if (loaded.size + denied.size === 0) return new Map()

  const ids = rows.map(({ id }) => id)
  const owned = loaded.has('servers') ? await ownedBy(ids) : []
  const servers = loaded.has('servers')
    ? await viewManagedMany(
        actor,
        owned.map(({ id }) => id),
      )
    : undefined
  const standings = loaded.has('standing') ? await standingsOf(actor, ids) : undefined
  const held = loaded.has('roles') ? await rolesOf(ids) : undefined
  const serversOf = (userId: string) =>
    owned.filter(({ ownerId }) => ownerId === userId).flatMap(({ id }) => servers?.get(id) ?? [])

  return new Map(
    rows.map((row) => [
      row.id,
      {
        ...Object.fromEntries([...denied].map((name) => [name, NOTHING])),
        ...(servers && { servers: listOf(serversOf(row.id).map((view) => serializeManagedServer(view))) }),
        ...(held && {
          roles: listOf(held.filter(({ userId }) => userId === row.id).map(({ view }) => serializeRole(actor, view))),
        }),
        ...(standings && {
          standing: serializeStanding(row, standings.get(row.id) ?? { serverCount: 0, hasPassword: false }),
        }),
      },
    ]),
  )
}

export async function answerUser(actor: Person, asked: readonly string[], row: UserRow): Promise<Wire<typeof user>> {
  return serializeUser(row, (await relateUsers(actor, asked, [row])).get(row.id))
}
