import { z } from 'zod'
import { checkTransfers as run } from '#server/services/transfers/check-transfers'
import { defineJob } from '../define-job'

/** Not tried again: the next one comes within the minute. */
export const checkTransfers = defineJob({ name: 'transfers.check', data: z.object({}), retries: 0, run })
