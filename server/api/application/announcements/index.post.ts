import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeAnnouncement } from '#server/serializers/application/announcement'
import { createAnnouncement } from '#server/services/announcements/save-announcement'
import { announcements } from '#shared/contracts/application/announcements'

export default defineRoute(announcements.create, {
  access: administrator('announcements', 'write'),
  handle: async ({ actor, body }) => serializeAnnouncement(await createAnnouncement({ actor, asked: body })),
})
