import { z } from 'zod'
import { mailResetLink as mail } from '#server/services/account/mail-reset-link'
import { defineJob } from '../define-job'

export const mailResetLink = defineJob({
  name: 'account.mail-reset-link',
  data: z.object({ email: z.string(), ip: z.string(), userAgent: z.string().nullable() }),
  retries: 3,
  run: mail,
})
