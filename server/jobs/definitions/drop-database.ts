import { dropDatabase as drop, dropped } from '#server/services/databases/drop-database'
import { defineJob } from '../define-job'

export const dropDatabase = defineJob({
  name: 'databases.drop',
  data: dropped,
  retries: 'until_told',
  run: drop,
})
