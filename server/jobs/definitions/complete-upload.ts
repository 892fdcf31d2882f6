import { completeUpload as complete, uploadReport } from '#server/services/backups/complete-upload'
import { defineJob } from '../define-job'

export const completeUpload = defineJob({
  name: 'backups.complete-upload',
  data: uploadReport,
  // With its pauses about six hours, after which a backup without a result counts as failed.
  retries: 30,
  run: async (report) => {
    await complete(report)
  },
})
