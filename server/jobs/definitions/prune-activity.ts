import { z } from 'zod'
import { pruneActivity as prune } from '#server/services/activity/prune-activity'
import { defineJob } from '../define-job'

export const pruneActivity = defineJob({ name: 'panel.prune', data: z.object({}), retries: 3, run: prune })
