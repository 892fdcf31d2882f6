import { z } from 'zod'
import { clearTransferOnNodes as run } from '#server/services/transfers/clear-transfer'
import { defineJob } from '../define-job'

export const clearTransfer = defineJob({
  name: 'transfers.clear',
  data: z.object({ transferId: z.string() }),
  retries: 12,
  run,
})
