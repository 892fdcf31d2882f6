import { getRouterParam, type H3Event } from 'h3'
import { AppError } from '#server/errors'
import { can, type ServerTie } from '#server/policies/server-policy'
import { mayGrant } from '#server/policies/subuser-policy'
import { findSubuser, listSubusers, type FoundSubuser } from '#server/services/subusers/queries'
import type { ServerRow } from '#server/database/schema'
import type { ServerPermission } from '#shared/permissions'
import { onServer, type OnServer } from './access'
import { andThen, type Guard } from './define-route'
import { readInput } from './input'

interface OnSubuser extends OnServer {
  subuser: FoundSubuser
}

/** One person of `/api/client/servers/:server/users/:user`. Nobody may see or change his own entry, whatever he holds. */
export function onSubuser(
  permission: ServerPermission,
  { isGranting = false }: { isGranting?: boolean } = {},
): Guard<OnSubuser> {
  return andThen(onServer(permission, { holding: holdSubuser }), async (event, context) => {
    if (context.subuser.user.id === context.actor.userId) throw new AppError('auth.forbidden')
    if (isGranting) await assertHeld(event, context.tie)
    return context
  })
}

async function holdSubuser(event: H3Event, server: Pick<ServerRow, 'id'>) {
  const subuser = await findSubuser(server.id, getRouterParam(event, 'user') ?? '')
  if (!subuser) throw new AppError('resource.not_found')
  return { subuser }
}

/** A server with which somebody new is let in. */
export function onSharing(): Guard<OnServer> {
  return andThen(onServer('user.create'), async (event, context) => {
    await assertHeld(event, context.tie)
    return context
  })
}

/** Whoever grants rights in the body must hold them. Asked before the rest of the form is looked at, as the API always has. */
async function assertHeld(event: H3Event, tie: ServerTie): Promise<void> {
  const { permissions } = await readInput(event, { keepsBlanks: false })
  // An object is as good as an array, and a long form arrives as one.
  const given: unknown[] = typeof permissions === 'object' && permissions !== null ? Object.values(permissions) : []
  const names = given.filter((name) => typeof name === 'string')
  if (!mayGrant(tie, names)) throw new AppError('subuser.rights_not_held')
}

/** `include=subusers` of servers, by the server's row: of those where the reader may see them. */
export async function includeSubusers(
  includes: readonly string[],
  seen: readonly { server: Pick<ServerRow, 'id'>; tie: ServerTie }[],
): Promise<ReadonlyMap<string, FoundSubuser[]>> {
  if (!includes.includes('subusers')) return new Map()
  const allowed = seen.filter(({ tie }) => can(tie, 'user.read')).map(({ server }) => server.id)
  const found = Map.groupBy(await listSubusers(allowed), ({ row }) => row.serverId)
  return new Map(allowed.map((id) => [id, found.get(id) ?? []]))
}
