import { z } from 'zod'
import { endpoint } from '../endpoint'
import { item, page, type Plain } from '../envelope'
import { flag, stamp } from '../fields'
import {
  allowedIpsField,
  expiresAtField,
  keyDescriptionField,
  levelsField,
  requestsPerMinuteField,
  withSecret,
} from '../key-fields'
import { filterShape, pageShape, sortShape } from '../query'

export const KEY_STATES = ['active', 'off', 'expired'] as const
export type KeyState = (typeof KEY_STATES)[number]

export const applicationKey = item(
  'api_key',
  z.object({
    identifier: z.string(),
    description: z.string(),
    allowed_ips: z.array(z.string()),
    last_used_at: stamp().nullable(),
    created_at: stamp(),
    expires_at: stamp().nullable(),
    requests_per_minute: z.int().nullable(),
    state: z.enum(KEY_STATES),
    /** Resource → 0 none, 1 read, 2 write, 3 both; those that are not named have none. */
    permissions: z.record(z.string(), z.int()),
    owner: z.object({ id: z.int(), username: z.string(), is_root_admin: z.boolean() }),
  }),
)
export type ApplicationKey = Plain<z.output<typeof applicationKey>>

export const createApplicationKeyBody = z.object({
  description: keyDescriptionField(),
  permissions: levelsField(),
  allowed_ips: allowedIpsField().nullish(),
  expires_at: expiresAtField().nullish(),
  requests_per_minute: requestsPerMinuteField().nullish(),
})
export type CreateApplicationKeyBody = z.input<typeof createApplicationKeyBody>

export const applicationKeys = {
  list: endpoint('GET /api/application/api-keys', {
    query: z.object({ ...pageShape({ usual: 50, most: 100 }), filter: filterShape(), sort: sortShape() }),
    reply: page(applicationKey),
  }),
  create: endpoint('POST /api/application/api-keys', {
    body: createApplicationKeyBody,
    reply: applicationKey.extend(withSecret),
    status: 201,
  }),
  /** Off, a key lets nobody in. What it carries never changes. */
  update: endpoint('PATCH /api/application/api-keys/:identifier', {
    body: z.object({ enabled: flag() }),
    reply: applicationKey,
  }),
  remove: endpoint('DELETE /api/application/api-keys/:identifier', {}),
}
