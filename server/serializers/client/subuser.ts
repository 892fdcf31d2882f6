import { z } from 'zod'
import type { Wire } from '#shared/contracts/envelope'
import type { subuser } from '#shared/contracts/client/subusers'
import { subuserPermissions } from '#server/database/json'
import { itemOf, stampOf } from '#server/serializers/envelope'
import { imageAddress } from '#shared/utils/image-address'
import type { FoundSubuser } from '#server/services/subusers/queries'
import { serializePublicUser } from './public-user'

export const serializeSubuser = ({ row, user }: FoundSubuser): Wire<typeof subuser> =>
  itemOf('server_subuser', {
    ...serializePublicUser(user).attributes,
    permissions: z.decode(subuserPermissions, row.permissions),
    last_seen_at: user.lastSeenAt && stampOf(user.lastSeenAt),
    avatar: imageAddress(user.image),
  })
