import { z } from 'zod'
import type { Executor } from '#server/database/client'
import { accessRevocationServers } from '#server/database/json'
import { accessRevocations, type ServerRow, type UserRow } from '#server/database/schema'
import { notify } from '#server/events/notify'
import { tellNodeOfAccess } from '#server/jobs/definitions/tell-node-of-access'
import { enqueue } from '#server/jobs/queue'
import type { ToTell } from './tell-nodes'
import { peopleOf, placesOf, placesOfServer, type Place } from './reach'

interface Ended {
  user: Pick<UserRow, 'id' | 'uuid'>
  at: readonly Place[]
}

/** If the process ends between the commit and the telling. */
const NET_AFTER_SECONDS = 5

/** Somebody lost all that he had open: his password changed, he was suspended or deleted, his rights shrank. */
export async function revokeEverywhere(
  tx: Executor,
  user: Pick<UserRow, 'id' | 'uuid' | 'role' | 'rootAdmin'>,
): Promise<ToTell> {
  return revoke(tx, [{ user, at: await placesOf(tx, user) }])
}

/** His right on one server ended, or became less. */
export async function revokeAtServer(
  tx: Executor,
  server: Pick<ServerRow, 'id'>,
  user: Pick<UserRow, 'id' | 'uuid'>,
): Promise<ToTell> {
  return revoke(tx, [{ user, at: await placesOfServer(tx, server) }])
}

/** Everybody's who has the server: it was suspended, or is about to be deleted in this transaction. */
export async function revokeAllAtServer(tx: Executor, server: Pick<ServerRow, 'id' | 'ownerId'>): Promise<ToTell> {
  const [people, at] = [await peopleOf(tx, server), await placesOfServer(tx, server)]
  return revoke(
    tx,
    people.map((user) => ({ user, at })),
  )
}

/**
 * Writes down, in the caller's transaction, that rights have ended, for every node that has to hear of it; a job tells
 * whoever was not told at once. Open streams of these people end.
 */
async function revoke(tx: Executor, ended: readonly Ended[]): Promise<ToTell> {
  const rows = ended.flatMap(({ user, at }) =>
    [...Map.groupBy(at, ({ nodeId }) => nodeId)].map(([nodeId, places]) => ({
      nodeId,
      userId: user.id,
      userUuid: user.uuid,
      servers: z.encode(
        accessRevocationServers,
        places.map(({ server }) => server),
      ),
    })),
  )
  if (rows.length > 0) await tx.insert(accessRevocations).values(rows)
  for (const { user } of ended) await notify(tx, 'access', { userId: user.id })

  const nodeIds = [...new Set(rows.map(({ nodeId }) => nodeId))]
  for (const nodeId of nodeIds)
    await enqueue(tx, tellNodeOfAccess, { nodeId }, { after: NET_AFTER_SECONDS, key: nodeId })
  return nodeIds
}
