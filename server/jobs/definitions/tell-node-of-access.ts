import { z } from 'zod'
import { tellWaiting } from '#server/services/access/tell-nodes'
import { defineJob } from '../define-job'

export const tellNodeOfAccess = defineJob({
  name: 'access.tell-node',
  data: z.object({ nodeId: z.string() }),
  // What is still untold then waits for a sign of life: each call of the node, and each check that it answers, asks again.
  retries: 8,
  foundWithin: 2,
  run: ({ nodeId }) => tellWaiting(nodeId),
})
