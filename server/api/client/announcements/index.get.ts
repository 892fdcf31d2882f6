import { signedIn } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeShown } from '#server/serializers/application/announcement'
import { listOf } from '#server/serializers/envelope'
import { listShown } from '#server/services/announcements/queries'
import { myAnnouncements } from '#shared/contracts/client/announcements'

export default defineRoute(myAnnouncements.list, {
  access: signedIn(),
  handle: async ({ actor }) => listOf((await listShown(actor)).map(serializeShown)),
})
