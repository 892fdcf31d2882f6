import { z } from 'zod'
import { refreshSources } from '#server/services/egg-sources/refresh-source'
import { lookForUpdates } from '#server/services/eggs/check-updates'
import { defineJob } from '../define-job'

/** Not tried again: without the internet the next one comes tomorrow. */
export const checkEggUpdates = defineJob({
  name: 'eggs.check-updates',
  data: z.object({}),
  retries: 0,
  run: async () => {
    await refreshSources()
    await lookForUpdates()
  },
})
