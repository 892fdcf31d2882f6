import type { ServerTie } from '#server/policies/server-policy'
import type { ViewedStartup } from '#server/services/servers/read-startup'
import type { startup, startupList } from '#shared/contracts/client/startup'
import type { Wire } from '#shared/contracts/envelope'
import { listOf } from '../envelope'
import { invocationOf } from './server'
import { serializeVariable } from './variables'

type SetVariable = Wire<(typeof startup.setVariable)['schemas']['reply']>

export const serializeStartup = (
  { view, images, commands }: ViewedStartup,
  tie: ServerTie,
): Wire<typeof startupList> => ({
  ...listOf(
    view.egg.variables.filter(({ viewable }) => viewable).map((variable) => serializeVariable(variable, view.values)),
  ),
  meta: { ...commandsOf(view, tie), docker_images: images, startup_commands: commands },
})

/** Undefined where its egg lost the variable meanwhile. */
export function serializeSetVariable(
  { view }: ViewedStartup,
  { tie, key }: { tie: ServerTie; key: string },
): SetVariable | undefined {
  const variable = view.egg.variables.find(({ env, viewable }) => viewable && env === key)
  return variable && { ...serializeVariable(variable, view.values), meta: commandsOf(view, tie) }
}

const commandsOf = (view: ViewedStartup['view'], tie: ServerTie) => ({
  startup_command: invocationOf(view, tie),
  raw_startup_command: view.server.startup,
})
