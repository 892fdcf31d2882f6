import { z } from 'zod'
import { settleDatabase as settle } from '#server/services/databases/settle-database'
import { defineJob } from '../define-job'

export const settleDatabase = defineJob({
  name: 'databases.settle',
  data: z.object({
    databaseHostId: z.string(),
    databaseId: z.string(),
    begun: z.enum(['creation', 'rotation', 'deletion']),
  }),
  retries: 'until_told',
  run: settle,
})
