import type { Job } from '../define-job'
import { checkNodes } from './check-nodes'
import { closeAccessOnNode } from './close-access-on-node'
import { mailResetLink } from './mail-reset-link'
import { pruneActivity } from './prune-activity'
import { sendWaitingMail } from './send-waiting-mail'

/** Every job there is. */
export const definitions: Job[] = [
  checkNodes,
  closeAccessOnNode,
  mailResetLink,
  pruneActivity,
  sendWaitingMail,
] as unknown as Job[]
