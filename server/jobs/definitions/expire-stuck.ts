import { z } from 'zod'
import { expireStuckBackups } from '#server/services/backups/expire-stuck-backups'
import { defineJob } from '../define-job'

export const expireStuck = defineJob({
  name: 'backups.expire-stuck',
  data: z.object({}),
  retries: 0,
  run: expireStuckBackups,
})
