import { z } from 'zod'
import { clearTransferOnNode as run } from '#server/services/transfers/clear-transfer'
import { defineJob } from '../define-job'

export const clearTransfer = defineJob({
  name: 'transfers.clear',
  data: z.object({ transferId: z.string(), nodeId: z.string() }),
  retries: 'until_told',
  run,
})
