import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { deleteAnnouncement } from '#server/services/announcements/save-announcement'
import { announcements } from '#shared/contracts/application/announcements'

export default defineRoute(announcements.remove, {
  access: administrator('announcements', 'write'),
  handle: ({ actor, params }) => deleteAnnouncement({ actor, id: params.announcement }),
})
