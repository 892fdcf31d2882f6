import { z } from 'zod'
import { endSuspensions as run } from '#server/services/users/end-suspensions'
import { defineJob } from '../define-job'

export const endSuspensions = defineJob({
  name: 'users.end-suspensions',
  data: z.object({}),
  retries: 0, // the next minute tries again
  run,
})
