import { z } from 'zod'
import { startServerAfterTransfer as run } from '#server/services/transfers/start-after'
import { defineJob } from '../define-job'

export const startAfterTransfer = defineJob({
  name: 'transfers.start-server',
  data: z.object({ transferId: z.string() }),
  retries: 5,
  run,
})
