import { defineRoute } from '#server/http/define-route'
import { onAllocation } from '#server/http/on-allocation'
import { serializeNetworkAllocation } from '#server/serializers/client/network'
import { setNotes } from '#server/services/network/set-notes'
import { network } from '#shared/contracts/client/network'

export default defineRoute(network.setNotes, {
  access: onAllocation('allocation.update'),
  async handle({ actor, server, tie, allocation, body }) {
    const row = await setNotes({ actor, server, allocation, notes: body.notes ?? null })
    return serializeNetworkAllocation(row, { server, tie })
  },
})
