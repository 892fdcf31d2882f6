import { z } from 'zod'
import { deliverMail } from '#server/services/mail/deliver-mail'
import { defineJob } from '../define-job.ts'

export const sendWaitingMail = defineJob({
  name: 'mail.send',
  data: z.object({ mailId: z.string() }),
  retries: 6,
  run: deliverMail,
})
