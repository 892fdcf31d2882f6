import { randomUUID } from 'node:crypto'
import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { only } from '#server/database/rows'
import { wingsNodes, type WingsNodeRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { reachesAll } from '#server/policies/administration-policy'
import { recordActivity } from '#server/services/activity/record-activity'
import type { NodeBody } from '#shared/contracts/application/nodes'
import { nodeColumns } from './node-columns'
import { newPair } from './node-secrets'
import { refuseNode } from './refuse-node'

/** A node, with a pair that its daemon is given. @throws {AppError} `request.invalid`, `auth.forbidden` */
export async function createNode({ actor, asked }: { actor: Actor; asked: NodeBody }): Promise<WingsNodeRow> {
  // It would be none of his.
  if (!reachesAll(actor)) throw new AppError('auth.forbidden')

  const { identifier, secret } = newPair()
  return useDrizzle()
    .transaction(async (tx) => {
      const pair = { tokenIdentifier: identifier, tokenSecret: secret, apiToken: secret }
      const node = only(
        await tx
          .insert(wingsNodes)
          .values({ uuid: randomUUID(), ...pair, ...nodeColumns(asked) })
          .returning(),
      )
      await recordActivity(tx, {
        actor,
        event: 'admin:node.create',
        target: { type: 'node', id: node.id },
        properties: { name: node.name, fqdn: node.fqdn },
      })
      await notify(tx, 'administration', { what: 'nodes' })
      return node
    })
    .catch(refuseNode)
}
