import { serializeFailure } from '#server/serializers/failure'
import type { ServerOutcome } from '#server/services/servers/act-on-many'
import type { serverResult } from '#shared/contracts/application/servers'
import type { Wire } from '#shared/contracts/envelope'
import { itemOf } from '../envelope'

export const serializeServerResult = ({ serverId, failure }: ServerOutcome): Wire<typeof serverResult> =>
  itemOf('server_result', { id: Number(serverId), errors: failure && serializeFailure(failure) })
