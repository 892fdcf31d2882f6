import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeStats } from '#server/serializers/client/stats'
import { readLiveResources } from '#server/services/servers/live-resources'
import { resources } from '#shared/contracts/client/resources'

export default defineRoute(resources.get, {
  access: onServer('access'),
  handle: async ({ server, node }) => serializeStats(await readLiveResources({ server, node })),
})
