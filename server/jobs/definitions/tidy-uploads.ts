import { z } from 'zod'
import { tidyUploads as tidy } from '#server/services/backups/tidy-uploads'
import { defineJob } from '../define-job'

export const tidyUploads = defineJob({ name: 'backups.tidy-uploads', data: z.object({}), retries: 2, run: tidy })
