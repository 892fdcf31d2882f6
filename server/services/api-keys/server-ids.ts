import { and, eq, inArray, or } from 'drizzle-orm'
import type { Actor, Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { servers, serverSubusers } from '#server/database/schema'
import { AppError } from '#server/errors'
import { tieOf } from '#server/services/servers/find-server'

/**
 * The rows of servers that somebody names, of those that exist for him.
 *
 * @throws {AppError} `request.invalid` for each that does not
 */
export async function serverIdsOf(actor: Actor, references: readonly string[]): Promise<string[]> {
  const wanted = [...new Set(references)]
  const rows = await useDrizzle()
    .select({
      id: servers.id,
      identifier: servers.identifier,
      uuid: servers.uuid,
      ownerId: servers.ownerId,
      nodeId: servers.nodeId,
      permissions: serverSubusers.permissions,
    })
    .from(servers)
    .leftJoin(
      serverSubusers,
      and(eq(serverSubusers.serverId, servers.id), eq(serverSubusers.userId, actor.userId ?? '')),
    )
    .where(or(inArray(servers.identifier, wanted), inArray(servers.uuid, wanted)))
  const known = rows.filter((row) => tieOf(actor as Person, row, { id: row.nodeId }, row.permissions))

  const found = references.map((reference) =>
    known.find(({ identifier, uuid }) => identifier === reference || uuid === reference),
  )
  const fields = found.flatMap((server, place) =>
    server ? [] : [{ field: `servers.${place}`, rule: 'exists', detail: `The selected servers.${place} is invalid.` }],
  )
  if (fields.length > 0) throw new AppError('request.invalid', { fields })
  return [...new Set(found.flatMap((server) => server?.id ?? []))]
}
