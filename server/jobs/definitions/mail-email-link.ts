import { z } from 'zod'
import { mailEmailLink as mail } from '#server/services/account/mail-email-link'
import { defineJob } from '../define-job'

export const mailEmailLink = defineJob({
  name: 'account.mail-email-link',
  data: z.object({ userId: z.string() }),
  retries: 3,
  run: mail,
})
