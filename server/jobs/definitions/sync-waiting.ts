import { z } from 'zod'
import { syncWaitingServer } from '#server/services/servers/settle-sync'
import { defineJob } from '../define-job'

export const syncWaiting = defineJob({
  name: 'servers.sync',
  data: z.object({ serverId: z.string() }),
  retries: 30,
  run: syncWaitingServer,
})
