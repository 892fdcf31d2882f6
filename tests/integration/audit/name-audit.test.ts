import { expect, it } from 'vitest'
import { nameAudit } from '#server/services/audit/name-audit'
import type { AuditRow } from '#server/services/audit/read-audit'
import { makeUser } from '../../support/factories'

const KINDS = [
  'user',
  'server',
  'node',
  'egg',
  'nest',
  'mount',
  'role',
  'location',
  'backup_host',
  'egg_source',
  'identity_provider',
  'announcement',
]

it('names each mixture of kinds by a statement of its own, however many there are', async () => {
  const { id, uuid, username: name } = await makeUser()
  const rowsOf = (kinds: readonly string[]) =>
    kinds.map(
      (kind) =>
        ({
          actor_type: 'system',
          impersonator_id: null,
          server_id: null,
          target_type: kind,
          target_id: id,
        }) as AuditRow,
    )

  for (let amount = KINDS.length; amount > 0; amount--)
    expect((await nameAudit(rowsOf(KINDS.slice(0, amount)))).user).toEqual({ [id]: { uuid, name } })
})
