import { z } from 'zod'
import { PALETTES } from '#shared/palettes'
import { ADMIN_RESOURCES } from '#shared/permissions'
import { endpoint } from '../endpoint'
import { offeredProvider } from './identities'

/** Of `users.preferences`: how this person likes the panel. What is absent has its default in the app. */
export const preferences = z.object({
  shortcuts: z.boolean().optional(),
  serverList: z.enum(['cards', 'rows']).optional(),
  pageSize: z.int().min(10).max(100).optional(),
  consoleFontSize: z.int().min(10).max(20).optional(),
  consoleScrollback: z.int().min(1000).max(20_000).optional(),
  consoleTimestamps: z.boolean().optional(),
  chartMinutes: z.union([z.literal(1), z.literal(5), z.literal(15)]).optional(),
  announceLines: z.boolean().optional(),
})
export type Preferences = z.output<typeof preferences>

export const signedInUser = z.object({
  uuid: z.uuid(),
  /** As he typed it. */
  username: z.string(),
  email: z.string(),
  /** The address of an uploaded image. */
  avatar: z.string().nullable(),
  first_name: z.string(),
  last_name: z.string(),
  language: z.string(),
  time_zone: z.string(),
  is_root_admin: z.boolean(),
  /** From all roles together: resource → bits of `LEVEL`. */
  grants: z.partialRecord(z.enum(ADMIN_RESOURCES), z.int()),
  preferences,
})
export type SignedInUser = z.output<typeof signedInUser>

export const PANEL_LINKS = ['support', 'terms', 'privacy', 'imprint'] as const

/** What has to be done before anything else is answered. */
export const DEMANDS = ['password-change', 'two-factor'] as const
export type Demand = (typeof DEMANDS)[number]

/** Without an envelope: it is no object of the API, only what our own pages begin with. */
export const sessionState = z.object({
  user: signedInUser.nullable(),
  demands: z.array(z.enum(DEMANDS)),
  /** The administrator who acts as the user. */
  impersonator: z.object({ username: z.string() }).nullable(),
  /** The ways in; null for whoever is in. */
  sign_in: z
    .object({
      /** A name and a password. */
      password: z.boolean(),
      /** Strangers make accounts by themselves. */
      registration: z.boolean(),
      /** Where a browser has to work before it is heard. */
      captcha: z.enum(['off', 'after_failures', 'always']),
      /** In the order in which they are offered. */
      providers: z.array(offeredProvider),
    })
    .nullable(),
  panel: z.object({
    name: z.string(),
    version: z.string(),
    language: z.string(),
    is_set_up: z.boolean(),
    palette: z.enum(PALETTES),
    /** Addresses of images. */
    logo: z.string().nullable(),
    favicon: z.string().nullable(),
    /** Pages of the operator, in the order in which they are shown. */
    links: z.array(z.object({ kind: z.enum(PANEL_LINKS), url: z.string() })),
    /** While administrators work on it: what they say about it. */
    maintenance: z.object({ text: z.string() }).nullable(),
  }),
})
export type SessionState = z.output<typeof sessionState>

export const currentSession = {
  /** Answers whoever asks: signed out, `user` is null. */
  get: endpoint('GET /api/client/session', { reply: sessionState }),
  /** Merges what is given into the preferences; null takes one back to its default. */
  updatePreferences: endpoint('PATCH /api/client/account/preferences', {
    body: z.object(
      Object.fromEntries(Object.entries(preferences.shape).map(([name, field]) => [name, field.nullable()])) as {
        [Name in keyof typeof preferences.shape]: z.ZodNullable<(typeof preferences.shape)[Name]>
      },
    ),
  }),
  /** The administrator who acts as somebody else is himself again. */
  stopActing: endpoint('DELETE /api/client/session/impersonation', {}),
}
