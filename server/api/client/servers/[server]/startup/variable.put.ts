import { AppError } from '#server/errors'
import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeSetVariable } from '#server/serializers/client/startup'
import { readStartup } from '#server/services/servers/read-startup'
import { setVariable } from '#server/services/servers/set-variable'
import { startup } from '#shared/contracts/client/startup'

export default defineRoute(startup.setVariable, {
  access: onServer('startup.update'),
  async handle({ actor, server, node, tie, body: { key, value } }) {
    await setVariable({ actor, server, node, key, value })
    const found = await readStartup(server)
    const variable = found && serializeSetVariable(found, { tie, key })
    if (!variable) throw new AppError('server.not_found')
    return variable
  },
})
