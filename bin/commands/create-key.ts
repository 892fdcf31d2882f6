import { defineCommand, type ArgsDef } from 'citty'
import { migrateDatabase } from '#server/database/migrate'
import { OperatorError } from '#server/env/operator-error'
import type { Grants } from '#shared/permissions'
import { MIGRATIONS, withPanel } from '../launch.ts'

const args = {
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
  json: { type: 'boolean', description: 'Print it as JSON' },
} as const satisfies ArgsDef

export default defineCommand({
  meta: { name: 'create-key', description: 'Make an API key, which is printed this once' },
  args,
  async run({ args: given, rawArgs }) {
    refuseUnknown(rawArgs)
    const asked = await checkKey({ ...given, levels: valuesOf(rawArgs, 'level') })

    const token = await withPanel(async ({ database, secret }) => {
      await migrateDatabase({ url: database.url, folder: MIGRATIONS, secret })
      const [{ findCredential }, { SYSTEM }] = await Promise.all([
        import('#server/services/account/queries'),
        import('#server/auth/actor'),
      ])
      const owner = (await findCredential(given.user))?.user
      if (!owner) throw new OperatorError(`Nobody here is called ${given.user}.`)
      if (owner.suspended) throw new OperatorError(`${owner.username} is suspended, and so would be every key.`)

      const { carries, ...limits } = asked
      const key = { actor: SYSTEM, ownerId: owner.id, ...limits }
      if (given.kind === 'account') {
        const { createAccountKey } = await import('#server/services/api-keys/create-account-key')
        const made = await createAccountKey(key)
        return made.key.identifier + made.secret
      }
      if (owner.role !== 'admin')
        throw new OperatorError(`${owner.username} is no administrator: an application key would open nothing.`)
      const { createApplicationKey } = await import('#server/services/api-keys/create-application-key')
      const made = await createApplicationKey({ ...key, carries })
      return made.key.identifier + made.secret
    })

    console.log(given.json ? JSON.stringify({ token }) : `${token}\nIt is shown only now.`)
  },
})

/** A misspelt limit must not make a key without one. */
function refuseUnknown(rawArgs: readonly string[]): void {
  const names = rawArgs.filter((text) => text.startsWith('--')).map((text) => text.slice(2).split('=', 1).join(''))
  const unknown = names.filter((name) => !Object.hasOwn(args, name))
  if (unknown.length > 0)
    throw new OperatorError(`There is no option ${unknown.map((name) => `--${name}`).join(', ')}.`)
}

/** Of an option that may be given more than once: `--level a=1 --level=b=2,c=3`. */
function valuesOf(rawArgs: readonly string[], name: string): string[] {
  return rawArgs.flatMap((text, place) => {
    if (text === `--${name}`) return (rawArgs[place + 1] ?? '').split(',')
    return text.startsWith(`--${name}=`) ? text.slice(name.length + 3).split(',') : []
  })
}

interface Given {
  kind: string
  name: string
  levels: readonly string[]
  'allowed-ips'?: string
  expires?: string
  'requests-per-minute'?: string
}

/** The rules of the forms. */
async function checkKey(given: Given) {
  const [{ z }, { ruleFailureOf }, fields, { KEY_RESOURCES }] = await Promise.all([
    import('zod'),
    import('#shared/rules'),
    import('#shared/contracts/key-fields'),
    import('#shared/permissions'),
  ])
  if (given.kind === 'account' && given.levels.length > 0)
    throw new OperatorError('--level is for application keys; an account key is its person.')

  const parsed = z
    .object({
      name: fields.keyDescriptionField(),
      level: fields.levelsField().optional(),
      'allowed-ips': fields.allowedIpsField().optional(),
      expires: fields.expiresAtField().optional(),
      'requests-per-minute': fields.requestsPerMinuteField().optional(),
    })
    .safeParse({
      ...given,
      ...(given.levels.length > 0 && { level: Object.fromEntries(given.levels.map((text) => text.split('=', 2))) }),
      'allowed-ips': given['allowed-ips']?.split(',').filter((entry) => entry.trim() !== ''),
    })
  if (!parsed.success) {
    const told = parsed.error.issues.map((issue) => `--${issue.path[0]?.toString()}: ${ruleFailureOf(issue).detail}`)
    throw new OperatorError(told.join('\n'))
  }

  const { data } = parsed
  const everything: Grants = Object.fromEntries(KEY_RESOURCES.map((resource) => [resource, 3]))
  return {
    description: data.name,
    carries: data.level ?? everything,
    allowedIps: data['allowed-ips'] ?? [],
    expiresAt: data.expires ?? null,
    requestsPerMinute: data['requests-per-minute'] ?? null,
  }
}
