import { discarded, discardObject as discard } from '#server/services/backups/discard-object'
import { defineJob } from '../define-job'

export const discardObject = defineJob({
  name: 'backups.discard-object',
  data: discarded,
  // At most every quarter of an hour, for about five days: whoever pays for the store wants it empty.
  retries: 500,
  run: discard,
})
