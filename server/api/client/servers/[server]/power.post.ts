import type { H3Event } from 'h3'
import { AppError } from '#server/errors'
import { onServer, type OnServer } from '#server/http/access'
import { andThen, defineRoute } from '#server/http/define-route'
import { readInput } from '#server/http/input'
import { can } from '#server/policies/server-policy'
import { sendPower } from '#server/services/servers/send-power'
import { serverConsole } from '#shared/contracts/client/console'
import type { ServerPermission } from '#shared/permissions'

const NEEDED: Record<string, ServerPermission> = {
  start: 'control.start',
  stop: 'control.stop',
  kill: 'control.stop',
  restart: 'control.restart',
}

export default defineRoute(serverConsole.power, {
  // Which permission is needed depends on the signal; a subuser gets 403 for one that does not exist.
  access: andThen(onServer('access'), hasSignal, { who: 'server', permissions: [...new Set(Object.values(NEEDED))] }),
  handle: ({ actor, server, node, body }) => sendPower({ actor, server, node, signal: body.signal }),
})

async function hasSignal(event: H3Event, context: OnServer): Promise<OnServer> {
  const { signal } = await readInput(event, { keepsBlanks: false })
  const needed = typeof signal === 'string' ? NEEDED[signal] : undefined
  const isAllowed = needed
    ? can(context.tie, needed)
    : context.tie.kind === 'owner' || context.tie.kind === 'administrator'
  if (!isAllowed) throw new AppError('auth.forbidden')
  return context
}
