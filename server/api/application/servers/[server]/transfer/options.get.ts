import { onManagedServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeTransferOptions } from '#server/serializers/application/transfer'
import { listTransferOptions } from '#server/services/transfers/list-options'
import { transfers } from '#shared/contracts/application/transfers'

export default defineRoute(transfers.options, {
  access: onManagedServer('servers', 'write'), // names nodes, with their room, for who may move servers to them
  async handle({ actor, server, node }) {
    return serializeTransferOptions(await listTransferOptions({ actor, server, node }))
  },
})
