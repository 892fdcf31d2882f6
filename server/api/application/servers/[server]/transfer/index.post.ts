import { onManagedServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { startTransfer } from '#server/services/transfers/start-transfer'
import { transfers } from '#shared/contracts/application/transfers'

export default defineRoute(transfers.start, {
  access: onManagedServer('servers', 'write'),
  handle: ({ actor, server, node, body }) => startTransfer({ actor, server, node, asked: body }),
})
