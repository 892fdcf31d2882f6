import { z } from 'zod'
import { checkBackupHosts as check } from '#server/services/backup-hosts/check-backup-host'
import { defineJob } from '../define-job'

/** Not tried again: the next one comes within hours. */
export const checkBackupHosts = defineJob({
  name: 'backup-hosts.check',
  data: z.object({}),
  retries: 0,
  run: check,
})
