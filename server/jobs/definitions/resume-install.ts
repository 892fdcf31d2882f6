import { z } from 'zod'
import { resumeInstallation } from '#server/services/servers/resume-installation'
import { defineJob } from '../define-job'

export const resumeInstall = defineJob({
  name: 'servers.resume-install',
  data: z.object({ nodeId: z.string(), serverId: z.string() }),
  retries: 'until_told',
  run: resumeInstallation,
})
