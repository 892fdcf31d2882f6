import { z } from 'zod'
import { ANNOUNCEMENT_AUDIENCES, ANNOUNCEMENT_LEVELS, announcementText } from '../announcement-fields'
import { endpoint } from '../endpoint'
import { item, page, type Plain } from '../envelope'
import { flag, stamp, wholeNumber } from '../fields'
import { pageQuery } from '../query'

/** A line under the navbar of everybody whom it concerns, from its start to its end. */
export const announcement = item(
  'announcement',
  z.object({
    ...announcementText,
    audience: z.enum(ANNOUNCEMENT_AUDIENCES),
    node: z.object({ id: z.int(), name: z.string() }).nullable(), // of the audience `node`
    starts_at: stamp(),
    ends_at: stamp().nullable(), // null: until it is deleted
    state: z.enum(['planned', 'shown', 'over']),
    updated_at: stamp(),
    created_at: stamp(),
  }),
)
export type Announcement = Plain<z.output<typeof announcement>>

const moment = () =>
  z
    .string()
    .refine((given) => z.iso.datetime({ offset: true }).safeParse(given).success, {
      error: 'This must be a time such as 2026-01-02T03:04:05Z.',
      params: { rule: 'date' },
      abort: true,
    })
    .overwrite((given) => new Date(given).toISOString())

/** `javascript:` and addresses without a host lead nowhere; a page of the panel begins with one slash. */
const isLink = (given: string) =>
  /^\/(?![/\\])[^\s\\]*$/.test(given) || (/^https?:\/\/[^\s\\]+$/i.test(given) && URL.canParse(given))

const fields = {
  title: z.string().min(1).max(120),
  body: z.string().max(500).nullish(),
  link: z
    .string()
    .max(500)
    .refine(isLink, { error: 'The link must be a web address or a page of the panel.', params: { rule: 'url' } })
    .nullish(),
  level: z.enum(ANNOUNCEMENT_LEVELS),
  audience: z.enum(ANNOUNCEMENT_AUDIENCES),
  node: wholeNumber({ min: 1 }).nullish(),
  is_dismissible: flag(),
  starts_at: moment().nullish(), // left out: now
  ends_at: moment().nullish(),
}

export const createAnnouncementBody = z.object({
  ...fields,
  level: fields.level.default('info'),
  audience: fields.audience.default('everyone'),
  is_dismissible: fields.is_dismissible.default(true),
})
export type CreateAnnouncementBody = z.output<typeof createAnnouncementBody>

/** What is left out stays. */
export const updateAnnouncementBody = z.object(fields).partial()
export type UpdateAnnouncementBody = z.output<typeof updateAnnouncementBody>

const params = z.object({ announcement: z.uuid() })

export const announcements = {
  /** The newest start first. */
  list: endpoint('GET /api/application/announcements', { query: pageQuery({ usual: 50 }), reply: page(announcement) }),
  create: endpoint('POST /api/application/announcements', {
    body: createAnnouncementBody,
    reply: announcement,
    status: 201,
  }),
  update: endpoint('PATCH /api/application/announcements/:announcement', {
    params,
    body: updateAnnouncementBody,
    reply: announcement,
  }),
  remove: endpoint('DELETE /api/application/announcements/:announcement', { params }),
}
