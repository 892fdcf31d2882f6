import { z } from 'zod'
import { endpoint } from '../endpoint'
import { item, page, type Plain } from '../envelope'
import { flag, rowNumber, stamp } from '../fields'
import { emailField, languageField, nameField, newPasswordField, TEXT_MAX, usernameField } from '../person-fields'
import { filterShape, includeShape, pageShape, sortShape } from '../query'

/** Ours, asked for with `include=standing`: what the administration shows beside the API's own attributes. */
export const userStanding = item(
  'user_standing',
  z.object({
    is_suspended: z.boolean(),
    suspended_at: stamp().nullable(),
    suspension_reason: z.string().nullable(),
    must_change_password: z.boolean(),
    /** False until a set-up link was followed. */
    has_password: z.boolean(),
    is_administrator: z.boolean(),
    time_zone: z.string(),
    server_count: z.int(),
    last_seen_at: stamp().nullable(),
  }),
)
