import { z } from 'zod'
import { pruneDeletedBackups } from '#server/services/backups/prune-deleted-backups'
import { defineJob } from '../define-job'

export const pruneDeleted = defineJob({
  name: 'backups.prune-deleted',
  data: z.object({}),
  retries: 3,
  run: pruneDeletedBackups,
})
