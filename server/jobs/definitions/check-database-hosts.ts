import { z } from 'zod'
import { checkDatabaseHosts as check } from '#server/services/database-hosts/check-database-host'
import { defineJob } from '../define-job'

/** Not tried again: the next one comes soon. */
export const checkDatabaseHosts = defineJob({
  name: 'database-hosts.check',
  data: z.object({}),
  retries: 0,
  run: check,
})
