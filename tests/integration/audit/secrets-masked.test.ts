import { getTableColumns } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import { describe, expect, it } from 'vitest'
import { SYSTEM } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { tables } from '#server/database/schema'
import { recordActivity } from '#server/services/activity/record-activity'
import { MASK, withoutSecrets } from '#server/services/activity/without-secrets'
import { request } from '../../support/api'
import { makeWorld } from '../../support/world'

/** Their names say nothing: whoever records them names what they hold. */
const HOLDS_SECRETS = ['configuration', 'values', 'url', 'headers']

describe('sec-33: what is written down', () => {
  it('masks every sealed column, in either spelling', () => {
    const sealed = Object.values(tables as unknown as Record<string, PgTable>).flatMap((table) =>
      Object.entries(getTableColumns(table)).filter(
        ([, column]) => column.columnType === 'PgCustomColumn' && column.getSQLType() === 'text',
      ),
    )
    const names = sealed
      .flatMap(([property, column]) => [property, column.name])
      .filter((name) => !HOLDS_SECRETS.includes(name))
    expect(names.length).toBeGreaterThan(10)
    for (const name of names) expect([name, withoutSecrets({ [name]: 'canary' })[name]]).toEqual([name, MASK])
  })

  it('reaches everything inside, and leaves what is no secret', () => {
    expect(
      withoutSecrets({
        before: { environment: { RCON_PASSWORD: 'canary', MOTD: 'hi' }, keys: [{ secret_access_key: 'canary' }] },
        password: true,
        token_identifier: 'abc',
        smtpPassword: null,
      }),
    ).toEqual({
      before: { environment: { RCON_PASSWORD: MASK, MOTD: 'hi' }, keys: [{ secret_access_key: MASK }] },
      password: true,
      token_identifier: 'abc',
      smtpPassword: null,
    })
  })

  it('is told without secrets, whoever asks', async () => {
    const world = await makeWorld()
    await recordActivity(useDrizzle(), {
      actor: SYSTEM,
      event: 'admin:settings.update',
      target: { type: 'settings', id: null },
      properties: { before: { smtp_password: 'canary-1' }, after: { smtp_password: 'canary-2' } },
    })
    const { body } = await request('GET /api/application/audit?filter[action]=admin:settings.update', {
      as: world.callers.root,
    })
    expect(JSON.stringify(body)).not.toContain('canary')
    expect(body.data[0].attributes.properties).toEqual({
      before: { smtp_password: MASK },
      after: { smtp_password: MASK },
    })
  })
})
