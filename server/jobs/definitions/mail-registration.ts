import { z } from 'zod'
import { mailRegistration as mail } from '#server/services/account/registration/mail-registration'
import { defineJob } from '../define-job'

export const mailRegistration = defineJob({
  name: 'registration.mail-link',
  data: z.object({ id: z.string() }),
  retries: 3,
  run: mail,
})
