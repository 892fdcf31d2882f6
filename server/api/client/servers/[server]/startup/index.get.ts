import { AppError } from '#server/errors'
import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeStartup } from '#server/serializers/client/startup'
import { readStartup } from '#server/services/servers/read-startup'
import { startup } from '#shared/contracts/client/startup'

export default defineRoute(startup.get, {
  access: onServer('startup.read'),
  async handle({ server, tie }) {
    const found = await readStartup(server)
    if (!found) throw new AppError('server.not_found')
    return serializeStartup(found, tie)
  },
})
