import { z } from 'zod'
import { retryTransferOnce as run } from '#server/services/transfers/retry-transfer'
import { defineJob } from '../define-job'

export const retryTransfer = defineJob({
  name: 'transfers.retry',
  data: z.object({ transferId: z.string() }),
  retries: 5,
  run,
})
