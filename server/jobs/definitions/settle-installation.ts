import { settleUnheardInstallation, unheardInstallation } from '#server/services/servers/settle-unheard-installation'
import { defineJob } from '../define-job'

export const settleInstallation = defineJob({
  name: 'servers.settle-installation',
  data: unheardInstallation,
  retries: 30,
  run: settleUnheardInstallation,
})
