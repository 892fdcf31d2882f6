import { z } from 'zod'
import { checkNodes as check } from '#server/services/nodes/check-nodes'
import { defineJob } from '../define-job'

/** Not tried again: the next one comes within the minute. */
export const checkNodes = defineJob({ name: 'nodes.check', data: z.object({}), retries: 0, run: check })
