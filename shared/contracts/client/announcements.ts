import { z } from 'zod'
import { announcementText } from '../announcement-fields'
import { endpoint } from '../endpoint'
import { item, list, type Plain } from '../envelope'
import { stamp } from '../fields'

export const shownAnnouncement = item('announcement', z.object({ ...announcementText, ends_at: stamp().nullable() }))
export type ShownAnnouncement = Plain<z.output<typeof shownAnnouncement>>

export const myAnnouncements = {
  /** What concerns me now and I have not put away; the gravest first. */
  list: endpoint('GET /api/client/announcements', { reply: list(shownAnnouncement) }),
  /** Puts it away, for this person and for good. */
  dismiss: endpoint('POST /api/client/announcements/:announcement/dismiss', {
    params: z.object({ announcement: z.uuid() }),
  }),
}
