import type { Actor } from '#server/auth/actor'
import { can, permissionsOf, type ServerTie } from '#server/policies/server-policy'
import type { DetailedServer, ViewedServer } from '#server/services/servers/client-view'
import type { FoundSubuser } from '#server/services/subusers/queries'
import type { server, serverAllocation, serverDetail } from '#shared/contracts/client/servers'
import type { Wire } from '#shared/contracts/envelope'
import { filledCommand } from '#shared/utils/startup-command'
import { itemOf, listOf, NOTHING } from '../envelope'
import { featureLimitsOf, limitsOf } from '../limits'
import { serializeSubuser } from './subuser'
import { writeVariables } from './variables'

interface Reader {
  actor: Pick<Actor, 'userId'>
  tie: ServerTie
  includes?: readonly string[]
  /** Of the servers where he may see them, by row. */
  subusers?: ReadonlyMap<string, FoundSubuser[]>
}

export function serializeServer(
  view: ViewedServer,
  { actor, tie, includes = [], subusers }: Reader,
): Wire<typeof server> {
  const { server: row, limits, node, egg, isTransferring } = view
  return itemOf('server', {
    server_owner: row.ownerId === actor.userId,
    identifier: row.identifier,
    internal_id: Number(row.id),
    uuid: row.uuid,
    name: row.name,
    node: node.name,
    is_node_under_maintenance: node.maintenanceMode,
    sftp_details: { ip: node.fqdn, port: node.daemonSftp, alias: node.sftpAlias },
    description: row.description ?? '',
    limits: limitsOf(limits, row),
    invocation: invocationOf(view, tie),
    docker_image: row.image,
    egg_features: egg.features,
    feature_limits: featureLimitsOf(row),
    status: row.status,
    is_suspended: row.suspended,
    is_installing: row.status === 'installing' || row.status === 'install_failed',
    is_transferring: isTransferring,
    relationships: {
      allocations: listOf(allocationsOf(view, tie)),
      variables: can(tie, 'startup.read') ? writeVariables(egg, view.values) : NOTHING,
      ...(includes.includes('egg') && { egg: itemOf('egg', { uuid: egg.uuid, name: egg.name, icon: egg.icon }) }),
      ...(includes.includes('subusers') && { subusers: subusersOf(subusers?.get(row.id)) }),
    },
  })
}

export function serializeServerDetail(view: DetailedServer, reader: Reader): Wire<typeof serverDetail> {
  const { server: row, node, egg, owner } = view
  const isOwner = row.ownerId === reader.actor.userId
  return {
    ...serializeServer(view, reader),
    meta: {
      is_server_owner: isOwner,
      user_permissions: permissionsOf(reader.tie),
      egg: { uuid: egg.uuid, name: egg.name, icon: egg.icon },
      owner,
      backup_count: can(reader.tie, 'backup.read') ? view.backupCount : null,
      status_changed_at: row.statusChangedAt,
      configuration_changed_at: row.configurationChangedAt,
      node: { name: node.name, unreachable_since: node.unreachableSince, flavour: node.flavour },
    },
  }
}

const subusersOf = (found: FoundSubuser[] | undefined) => (found ? listOf(found.map(serializeSubuser)) : NOTHING)

/** Without `allocation.read` only the primary one, and nobody's notes. */
function allocationsOf({ server: row, allocations }: ViewedServer, tie: ServerTie): Wire<typeof serverAllocation>[] {
  const seesAll = can(tie, 'allocation.read')
  return allocations
    .filter(({ id }) => seesAll || id === row.allocationId)
    .map(({ id, ip, alias, port, notes }) =>
      itemOf('allocation', {
        id: Number(id),
        ip,
        ip_alias: alias,
        port,
        notes: seesAll ? notes : null,
        is_default: id === row.allocationId,
      }),
    )
}

/** Hidden variables are hidden from everybody here; without `startup.read` all of them are. */
export function invocationOf({ server: row, limits, egg, allocations, values }: ViewedServer, tie: ServerTie): string {
  const seesValues = can(tie, 'startup.read')
  const primary = allocations.find(({ id }) => id === row.allocationId)
  return filledCommand(row.startup, (name) => {
    const variable = egg.variables.find(({ env }) => env === name)
    if (variable)
      return seesValues && variable.viewable ? (values.get(variable.id) ?? variable.usual ?? '') : '[hidden]'
    if (name === 'SERVER_MEMORY') return String(limits.memory ?? 0)
    if (name === 'SERVER_IP') return primary?.ip ?? '127.0.0.1'
    if (name === 'SERVER_PORT') return String(primary?.port ?? 0)
    return undefined
  })
}
