import type { Wire } from '#shared/contracts/envelope'
import type { sshKey } from '#shared/contracts/client/ssh-keys'
import type { SshKeyRow } from '#server/database/schema'
import { itemOf, stampOf } from '#server/serializers/envelope'

export const serializeSshKey = ({ name, fingerprint, publicKey, createdAt }: SshKeyRow): Wire<typeof sshKey> =>
  itemOf('ssh_key', { name, fingerprint, public_key: publicKey, created_at: stampOf(createdAt) })
