import { onManagedServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { cancelTransfer } from '#server/services/transfers/cancel-transfer'
import { transfers } from '#shared/contracts/application/transfers'

export default defineRoute(transfers.cancel, {
  access: onManagedServer('servers', 'write'),
  handle: ({ actor, server }) => cancelTransfer({ actor, server }),
})
