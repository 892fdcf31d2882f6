import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeAnnouncement } from '#server/serializers/application/announcement'
import { pageOf } from '#server/serializers/envelope'
import { listAnnouncements } from '#server/services/announcements/queries'
import { announcements } from '#shared/contracts/application/announcements'

export default defineRoute(announcements.list, {
  access: administrator('announcements', 'read'),
  async handle({ actor, query, url }) {
    return pageOf(
      await listAnnouncements({ actor, page: query.page, size: query.per_page }),
      serializeAnnouncement,
      url,
    )
  },
})
