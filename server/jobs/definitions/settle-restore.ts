import { z } from 'zod'
import { settleUnheardRestore } from '#server/services/backups/settle-unheard-restore'
import { defineJob } from '../define-job'

export const settleRestore = defineJob({
  name: 'backups.settle-restore',
  data: z.object({ serverId: z.string(), backupId: z.string(), since: z.string() }),
  retries: 5,
  run: settleUnheardRestore,
})
