import { OperatorError } from '#server/env/operator-error'
import type { Grants } from '#shared/permissions'
import { checkFields } from '../check-fields.ts'
import { UsageError } from '../explain.ts'
import { definePanelCommand, valuesOf } from '../panel-command.ts'

export default definePanelCommand({
  name: 'create-key',
  description: 'Make an API key, which is printed this once',
  args: {
    user: { type: 'string', required: true, description: 'User name or e-mail address of whose key it becomes' },
    kind: {
      type: 'enum',
      required: true,
      options: ['application', 'account'],
      description: 'application administers, account is the person',
    },
    name: { type: 'string', required: true, description: 'What it is for' },
    level: {
      type: 'string',
      description:
        'Of an application key, as often as wanted: servers=1 reads, 2 writes, 3 both. Left out, it carries all',
    },
    'allowed-ips': { type: 'string', description: 'Addresses, CIDR or ranges it may be used from, by commas' },
    expires: { type: 'string', description: 'When it ends: 2030-01-31 or 2030-01-31T12:00:00Z' },
    'requests-per-minute': { type: 'string', description: "A limit of its own, below that of the key's owner" },
  },
  async check(given, rawArgs) {
    const [{ z }, fields, { KEY_RESOURCES }] = await Promise.all([
      import('zod'),
      import('#shared/contracts/key-fields'),
      import('#shared/permissions'),
    ])
    const levels = valuesOf(rawArgs, 'level')
    if (given.kind === 'account' && levels.length > 0)
      throw new UsageError('--level is for application keys; an account key is its person.')

    const odd = levels.map((text) => text.split('=', 1).join('')).find((name) => !KEY_RESOURCES.includes(name as never))
    if (odd !== undefined)
      throw new UsageError(
        `--level: There is no ${odd || 'such thing'}. Say one of ${KEY_RESOURCES.join(', ')}, and =1.`,
      )

    const asked = await checkFields(
      z.object({
        name: fields.keyDescriptionField(),
        level: fields.levelsField().optional(),
        allowed_ips: fields.allowedIpsField().optional(),
        expires: fields.expiresAtField().optional(),
        requests_per_minute: fields.requestsPerMinuteField().optional(),
      }),
      {
        ...given,
        level: levels.length > 0 ? Object.fromEntries(levels.map((text) => text.split('=', 2))) : undefined,
        allowed_ips: given['allowed-ips']?.split(',').filter((entry) => entry.trim() !== ''),
        requests_per_minute: given['requests-per-minute'],
      },
    )
    const everything: Grants = Object.fromEntries(KEY_RESOURCES.map((resource) => [resource, 3]))
    return {
      owner: given.user,
      kind: given.kind,
      carries: asked.level ?? everything,
      description: asked.name,
      allowedIps: asked.allowed_ips ?? [],
      expiresAt: asked.expires ?? null,
      requestsPerMinute: asked.requests_per_minute ?? null,
    }
  },
  async work({ owner: named, kind, carries, ...limits }) {
    const [{ findPerson }, { SYSTEM }] = await Promise.all([import('../find-person.ts'), import('#server/auth/actor')])
    const owner = await findPerson(named)
    if (owner.suspended) throw new OperatorError(`${owner.username} is suspended, and so would be every key.`)

    const key = { actor: SYSTEM, ownerId: owner.id, ...limits }
    if (kind === 'account') {
      const { createAccountKey } = await import('#server/services/api-keys/create-account-key')
      return createAccountKey(key)
    }
    if (owner.role !== 'admin')
      throw new OperatorError(`${owner.username} is no administrator: an application key would open nothing.`)
    const { createApplicationKey } = await import('#server/services/api-keys/create-application-key')
    return createApplicationKey({ ...key, carries })
  },
  tell: ({ key, secret }) => ({ token: key.identifier + secret }),
  say: ({ key, secret }) => `${key.identifier}${secret}\nIt is shown only now.`,
})
