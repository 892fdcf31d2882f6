import { z } from 'zod'
import { pushWaiting } from '#server/services/nodes/settle-push'
import { defineJob } from '../define-job'

export const pushWaitingConfiguration = defineJob({
  name: 'nodes.push-configuration',
  data: z.object({ nodeId: z.string() }),
  retries: 'until_told',
  run: pushWaiting,
})
