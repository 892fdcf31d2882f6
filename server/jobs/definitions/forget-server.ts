import { z } from 'zod'
import { forgetServerOnNode } from '#server/services/servers/forget-server-on-node'
import { defineJob } from '../define-job'

export const forgetServer = defineJob({
  name: 'servers.delete',
  data: z.object({ nodeId: z.string(), server: z.uuid(), archives: z.array(z.uuid()).default([]) }),
  retries: 'until_told',
  run: forgetServerOnNode,
})
