import { z } from 'zod'
import { pruneRuns as run } from '#server/services/schedules/prune-runs'
import { defineJob } from '../define-job'

export const pruneRuns = defineJob({ name: 'schedules.prune', data: z.object({}), retries: 3, run })
