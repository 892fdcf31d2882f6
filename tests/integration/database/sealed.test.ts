import { eq, getTableColumns, getTableName, sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { mailValues } from '#server/database/json'
import * as schema from '#server/database/schema'
import { open, seal } from '#server/database/seal'
import { OperatorError } from '#server/env/operator-error'
import { z } from 'zod'
import * as make from '../../support/factories'

const db = useDrizzle()

const SEALED = [
  'backup_hosts.configuration',
  'database_hosts.password',
  'identity_providers.client_secret',
  'mails.values',
  'server_databases.password',
  'settings.secret',
  'two_factor.secret',
  'webhooks.headers',
  'webhooks.signing_secret',
  'webhooks.url',
  'wings_nodes.api_token',
  'wings_nodes.previous_token_secret',
  'wings_nodes.token_secret',
]

const server = await make.makeServer()
await make.makeTwoFactor(server.ownerId)
await make.makeIdentityProvider()
await make.makeBackupHost()
await make.makeServerDatabase(server.id)
await make.makeWebhook()
await make.makeSecretSetting('mail.password')
await make.makeNode({
  previousTokenIdentifier: 'before',
  previousTokenSecret: make.canaryOf('previous-token'),
  rotatedAt: '2026-01-01T00:00:00.000Z',
})
await db.insert(schema.mails).values({
  recipient: 'ada@example.test',
  template: 'reset',
  locale: 'en',
  values: z.encode(mailValues, { link: make.canaryOf('mail') }),
})

const stored = async (place: string) => {
  const [table, column] = place.split('.').map((name) => sql.identifier(name))
  const { rows } = await db.execute<{ value: string }>(
    sql`select ${column} as value from ${table} where ${column} is not null`,
  )
  return rows.map(({ value }) => value)
}

describe('sealed columns', () => {
  it('are these', () => {
    const sealed = Object.values(schema.tables).flatMap((table) =>
      Object.values(getTableColumns(table))
        .filter((column) => column.columnType === 'PgCustomColumn' && column.getSQLType() === 'text')
        .map((column) => `${getTableName(table)}.${column.name}`),
    )
    expect(sealed.toSorted()).toEqual(SEALED)
  })

  it.each(SEALED)('%s rests encrypted, each in its own place', async (place) => {
    const values = await stored(place)

    expect(values).not.toHaveLength(0)
    for (const value of values) {
      expect(value).toMatch(/^s1:[0-9a-f]{8}:[\w-]+$/)
      // That it was sealed for this place, and not for one whose name was copied.
      expect(open(place as 'table.column', value)).toContain('canary')
    }
  })

  it('open where they are read', async () => {
    const node = await make.makeNode({ tokenSecret: 'canary-one', apiToken: 'canary-two' })
    const [row] = await db.select().from(schema.wingsNodes).where(eq(schema.wingsNodes.id, node.id))

    expect(row).toMatchObject({ tokenSecret: 'canary-one', apiToken: 'canary-two' })
  })

  it('do not open in another column', async () => {
    const node = await make.makeNode()
    await db.execute(sql`update wings_nodes set api_token = token_secret where id = ${node.id}`)

    await expect(db.select().from(schema.wingsNodes).where(eq(schema.wingsNodes.id, node.id))).rejects.toThrow(
      'wings_nodes.api_token holds a value that was damaged or belongs to another column',
    )
    await db.delete(schema.wingsNodes).where(eq(schema.wingsNodes.id, node.id))
  })

  it('do not open once they were changed', () => {
    const sealed = seal('a.b', 'canary')
    const at = sealed.length - 4
    const damaged = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1)

    expect(() => open('a.b', damaged)).toThrow('damaged')
    expect(() => open('a.b', sealed.slice(0, 20))).toThrow('damaged')
  })

  it('say that APP_SECRET is another one, and nothing of the value', () => {
    const sealed = seal('a.b', 'canary', 'the secret of yesterday, forty characters')

    expect(() => open('a.b', sealed)).toThrow(OperatorError)
    expect(() => open('a.b', sealed)).toThrow(
      /^a\.b was sealed with another APP_SECRET \(key [0-9a-f]{8}, this one is [0-9a-f]{8}\)/,
    )
    expect(open('a.b', sealed, 'the secret of yesterday, forty characters')).toBe('canary')
  })

  it('refuse what nobody sealed', () => {
    expect(() => open('a.b', 'plain')).toThrow('a.b holds a value that is not sealed')
  })

  it.each(['', 'ü'.repeat(3), 'x'.repeat(100_000)])('keep whatever they are given', (value) => {
    expect(open('a.b', seal('a.b', value))).toBe(value)
    expect(seal('a.b', value)).not.toBe(seal('a.b', value))
  })
})
