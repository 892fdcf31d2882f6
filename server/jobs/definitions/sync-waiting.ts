import { z } from 'zod'
import { syncWaitingServer } from '#server/services/servers/settle-sync'
import { defineJob } from '../define-job'

export const syncWaiting = defineJob({
  name: 'servers.sync',
  data: z.object({ nodeId: z.string(), serverId: z.string() }),
  retries: 'until_told',
  run: syncWaitingServer,
})
