import { z } from 'zod'
import { settleInterrupted as run } from '#server/services/schedules/settle-interrupted'
import { defineJob } from '../define-job'

export const settleInterrupted = defineJob({
  name: 'schedules.settle-interrupted',
  data: z.object({}),
  retries: 0,
  run,
})
