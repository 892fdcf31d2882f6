import { signedIn } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { dismissAnnouncement } from '#server/services/announcements/dismiss-announcement'
import { myAnnouncements } from '#shared/contracts/client/announcements'

export default defineRoute(myAnnouncements.dismiss, {
  access: signedIn(),
  handle: ({ actor, params }) => dismissAnnouncement({ actor, id: params.announcement }),
})
