import { z } from 'zod'
import { removeSource as run } from '#server/services/transfers/remove-source'
import { defineJob } from '../define-job'

export const removeTransferSource = defineJob({
  name: 'transfers.remove-source',
  data: z.object({ transferId: z.string() }),
  retries: 12,
  run,
})
