import { z } from 'zod'
import { closeOnNode } from '#server/services/users/close-on-node'
import { defineJob } from '../define-job'

export const closeAccessOnNode = defineJob({
  name: 'users.close-access',
  data: z.object({ nodeId: z.string(), userId: z.string(), user: z.string(), servers: z.array(z.string()) }),
  // Tokens end by themselves within minutes: what is told hours later closes nothing.
  retries: 5,
  run: closeOnNode,
})
