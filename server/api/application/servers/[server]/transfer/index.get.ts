import { onManagedServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeTransfer } from '#server/serializers/application/transfer'
import { NOTHING } from '#server/serializers/envelope'
import { viewLatestTransfer } from '#server/services/transfers/queries'
import { transfers } from '#shared/contracts/application/transfers'

export default defineRoute(transfers.latest, {
  access: onManagedServer('servers', 'read'),
  async handle({ server }) {
    const latest = await viewLatestTransfer(server)
    return latest ? serializeTransfer(latest) : NOTHING
  },
})
