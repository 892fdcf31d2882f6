import type { Person } from '#server/auth/actor'
import type { ServerRow, WingsNodeRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { can, permissionsOf, seesDaemon, type ServerTie } from '#server/policies/server-policy'
import { untilTokensCount } from '#server/services/access/denials'
import { limitUse } from '#server/services/throttles/limit-use'
import { findReceiver } from '#server/services/transfers/find-receiver'
import { signSocket as sign } from '#server/wings/tokens'

interface SignSocket {
  actor: Person
  server: ServerRow
  node: WingsNodeRow
  tie: ServerTie
  isTransferring: boolean
  /** The panel's own address. */
  panel: string
}

/**
 * A token for the console of one server, for ten minutes, and where it opens. Carries what this person may do, and no more.
 * In a transfer that is the target, from the moment that it is at work.
 *
 * @throws {AppError} `server.websocket_forbidden`, `server.transfer_forbidden`, `request.too_many`
 */
export async function signSocket({ actor, server, node, tie, isTransferring, panel }: SignSocket) {
  if (!can(tie, 'websocket.connect')) throw new AppError('server.websocket_forbidden')
  if (isTransferring && !seesDaemon(tie)) throw new AppError('server.transfer_forbidden')
  await limitUse({ bucket: 'websocket-token', name: `${actor.userId}\n${server.id}` })
  await untilTokensCount(actor.userId)
  const receiver = isTransferring ? await findReceiver(server) : undefined
  return sign({
    node: receiver ?? node,
    panel,
    server: server.uuid,
    user: { id: actor.userId, uuid: actor.uuid },
    permissions: permissionsOf(tie),
  })
}
