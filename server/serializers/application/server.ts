import { z } from 'zod'
import { serverDockerLabels } from '#server/database/json'
import type { ManagedView } from '#server/services/servers/list-servers'
import type { managedServer } from '#shared/contracts/application/servers'
import type { Wire } from '#shared/contracts/envelope'
import { itemOf, stampOf } from '../envelope'
import { featureLimitsOf, limitsOf } from '../limits'

type Relationships = NonNullable<Wire<typeof managedServer>['attributes']['relationships']>

export function serializeManagedServer(
  { server: row, limits, isTransferring, location, environment }: ManagedView,
  relationships?: Relationships,
): Wire<typeof managedServer> {
  return itemOf('server', {
    id: Number(row.id),
    external_id: row.externalId,
    uuid: row.uuid,
    identifier: row.identifier,
    name: row.name,
    description: row.description ?? '',
    status: row.status,
    suspended: row.suspended,
    is_transferring: isTransferring,
    limits: limitsOf(limits, row),
    feature_limits: featureLimitsOf(row),
    user: Number(row.ownerId),
    node: Number(row.nodeId),
    allocation: row.allocationId === null ? null : Number(row.allocationId),
    nest: Number(row.nestId),
    egg: Number(row.eggId),
    container: {
      startup_command: row.startup,
      image: row.image,
      // As the API has always said it: a number.
      installed: row.status === 'installing' || row.status === 'install_failed' ? 0 : 1,
      skip_scripts: row.skipScripts,
      docker_labels: z.safeDecode(serverDockerLabels, row.dockerLabels).data ?? {},
      environment: {
        ...environment,
        STARTUP: row.startup,
        P_SERVER_LOCATION: location ?? '',
        P_SERVER_UUID: row.uuid,
        P_SERVER_ALLOCATION_LIMIT: row.allocationLimit,
      },
    },
    updated_at: stampOf(row.updatedAt),
    created_at: stampOf(row.createdAt),
    ...(relationships && { relationships }),
  })
}
