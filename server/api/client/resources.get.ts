import { signedIn } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeLiveResources } from '#server/serializers/client/stats'
import { listLiveResources } from '#server/services/servers/live-resources'
import { resources } from '#shared/contracts/client/resources'

export default defineRoute(resources.list, {
  access: signedIn({ takesNarrowedKeys: true }),
  handle: async ({ actor, query }) =>
    serializeLiveResources(await listLiveResources({ actor, references: query.servers })),
})
