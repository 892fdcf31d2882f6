import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeAnnouncement } from '#server/serializers/application/announcement'
import { updateAnnouncement } from '#server/services/announcements/save-announcement'
import { announcements } from '#shared/contracts/application/announcements'

export default defineRoute(announcements.update, {
  access: administrator('announcements', 'write'),
  handle: async ({ actor, params, body }) =>
    serializeAnnouncement(await updateAnnouncement({ actor, id: params.announcement, asked: body })),
})
