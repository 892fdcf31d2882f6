import { z } from 'zod'

export const ANNOUNCEMENT_LEVELS = ['info', 'warning', 'error'] as const
export const ANNOUNCEMENT_AUDIENCES = ['everyone', 'administrators', 'node'] as const

/** What whoever is concerned reads. */
export const announcementText = {
  id: z.uuid(),
  title: z.string(),
  body: z.string().nullable(),
  link: z.string().nullable(), // a web address, or a page of the panel
  level: z.enum(ANNOUNCEMENT_LEVELS),
  is_dismissible: z.boolean(),
}
