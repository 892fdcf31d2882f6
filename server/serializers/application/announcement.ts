import type { AnnouncementRow } from '#server/database/schema'
import type { announcement } from '#shared/contracts/application/announcements'
import type { shownAnnouncement } from '#shared/contracts/client/announcements'
import type { Wire } from '#shared/contracts/envelope'
import { itemOf, stampOf } from '../envelope'

interface View {
  announcement: AnnouncementRow
  node: { id: string; name: string } | null
}

const textOf = ({ id, title, body, link, level, isDismissible }: AnnouncementRow) => ({
  id,
  title,
  body,
  link,
  level,
  is_dismissible: isDismissible,
})

function stateOf({ startsAt, endsAt }: AnnouncementRow): 'planned' | 'shown' | 'over' {
  if (Date.parse(startsAt) > Date.now()) return 'planned'
  return endsAt !== null && Date.parse(endsAt) <= Date.now() ? 'over' : 'shown'
}

export function serializeAnnouncement({ announcement: row, node }: View): Wire<typeof announcement> {
  return itemOf('announcement', {
    ...textOf(row),
    audience: row.audience,
    node: node && { id: Number(node.id), name: node.name },
    starts_at: stampOf(row.startsAt),
    ends_at: row.endsAt && stampOf(row.endsAt),
    state: stateOf(row),
    updated_at: stampOf(row.updatedAt),
    created_at: stampOf(row.createdAt),
  })
}

/** To whom it concerns: nothing of whom else. */
export function serializeShown(row: AnnouncementRow): Wire<typeof shownAnnouncement> {
  return itemOf('announcement', { ...textOf(row), ends_at: row.endsAt && stampOf(row.endsAt) })
}
