import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { AppError } from '#server/errors'
import { seesDaemon } from '#server/policies/server-policy'
import { readInstallLog } from '#server/services/servers/read-install-log'
import { serverConsole } from '#shared/contracts/client/console'

export default defineRoute(serverConsole.installLog, {
  access: onServer('access', { condition: 'any' }),
  async handle({ server, node, tie }) {
    // As on the socket: what the installer prints is for owners and administrators.
    if (tie.kind !== 'owner' && !seesDaemon(tie)) throw new AppError('auth.forbidden')
    return { lines: await readInstallLog(server, node) }
  },
})
