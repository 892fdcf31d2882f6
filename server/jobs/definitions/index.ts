import type { Job } from '../define-job'
import { pruneActivity } from './prune-activity'
import { sendWaitingMail } from './send-waiting-mail'

/** Every job there is. */
export const definitions: Job[] = [pruneActivity, sendWaitingMail] as unknown as Job[]
