import { createHash } from 'node:crypto'
import type { Wire } from '#shared/contracts/envelope'
import type { publicUser } from '#shared/contracts/client/activity'
import type { UserRow } from '#server/database/schema'
import { itemOf, stampOf } from '#server/serializers/envelope'

export const serializePublicUser = (row: UserRow): Wire<typeof publicUser> =>
  itemOf('user', {
    uuid: row.uuid,
    username: row.username,
    email: row.email,
    image: `https://gravatar.com/avatar/${createHash('md5').update(row.email.toLowerCase()).digest('hex')}`,
    '2fa_enabled': row.useTotp,
    created_at: stampOf(row.createdAt),
  })
