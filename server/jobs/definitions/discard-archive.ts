import { discardArchive as discard, unfinished } from '#server/services/backups/discard-archive'
import { defineJob } from '../define-job'

export const discardArchive = defineJob({
  name: 'backups.discard-archive',
  data: unfinished,
  retries: 'until_told',
  run: discard,
})
