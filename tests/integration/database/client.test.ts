import { eq, gt, lte, sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { useDrizzle, usePool } from '#server/database/client'
import { sqlNow } from '#server/database/columns'
import { findDatabaseFailure, isForeignKeyViolation, isUniqueViolation } from '#server/database/errors'
import { sessions, users } from '#server/database/schema'
import { toIso } from '#server/database/utc-client'
import * as make from '../../support/factories'

const db = useDrizzle()
const MOMENT = '2026-07-01T22:30:00.123Z'

describe('times', () => {
  it('are ISO strings in UTC, whatever the zone of the database is', async () => {
    const { rows } = await db.execute<{ name: string }>(sql`select current_database() as name`)
    await db.execute(sql.raw(`alter database ${rows[0]!.name} set timezone to 'America/New_York'`))
    const user = await make.makeUser({ createdAt: MOMENT, emailVerified: MOMENT })

    const alone = await usePool().connect()
    const zone = await alone.query('show timezone')
    const read = await alone.query('select created_at, created_at::text as printed from users where id = $1', [user.id])
    alone.release()

    expect(user).toMatchObject({ createdAt: MOMENT, emailVerified: MOMENT })
    expect(zone.rows).toEqual([{ TimeZone: 'UTC' }])
    expect(read.rows).toEqual([{ created_at: MOMENT, printed: '2026-07-01 22:30:00.123' }])
  })

  it('are the same in a session that set another zone for itself', async () => {
    const user = await make.makeUser({ createdAt: MOMENT })
    const hourAgo = new Date(Date.now() - 3_600_000).toISOString()
    await db.insert(sessions).values({ sessionToken: 'ended', userId: user.id, expires: hourAgo, expiresAt: hourAgo })

    await db.transaction(async (tx) => {
      await tx.execute(sql`set local timezone to 'America/New_York'`)
      const [row] = await tx.select().from(users).where(eq(users.id, user.id))
      const prepared = await tx.select().from(users).where(eq(users.id, user.id)).prepare('user_by_id').execute()

      expect(row?.createdAt).toBe(MOMENT)
      expect(prepared[0]?.createdAt).toBe(MOMENT)
      expect(await tx.$count(sessions, gt(sessions.expires, sqlNow))).toBe(0)
      expect(await tx.$count(sessions, lte(sessions.expires, sqlNow))).toBe(1)
      // What this is about: the bare function lets the ended session live.
      expect(await tx.$count(sessions, sql`${sessions.expires} > now() - interval '2 hours'`)).toBe(1)
    })
  })

  it('are read from JSON as well, where PostgreSQL prints them otherwise', async () => {
    const { rows } = await db.execute<{ printed: string }>(
      sql`select json_build_array(${MOMENT}::timestamp) ->> 0 as printed`,
    )

    expect(rows[0]!.printed).toBe('2026-07-01T22:30:00.123')
    expect(toIso(rows[0]!.printed)).toBe(MOMENT)
  })

  it('are written on update without being asked', async () => {
    const user = await make.makeUser({ updatedAt: MOMENT })
    const [changed] = await db.update(users).set({ nameFirst: 'Grace' }).where(eq(users.id, user.id)).returning()

    expect(changed!.updatedAt > MOMENT).toBe(true)
  })
})

describe('numbers', () => {
  it('come from the sequence of the table, as text', async () => {
    const one = await make.makeLocation()
    const two = await make.makeLocation()

    expect(Number(two.id)).toBe(Number(one.id) + 1)
  })

  it('go on after those that were brought along', async () => {
    await make.makeUser({ id: '4711' })
    await db.execute(sql`select setval('users_id_seq', 4712, false)`)

    expect((await make.makeUser()).id).toBe('4712')
  })

  it('sort as numbers', async () => {
    await Promise.all(['100', '99', '9'].map((id) => make.makeMount({ id })))
    const { rows } = await db.execute(sql`select id from mounts order by id::bigint`)

    expect(rows.map(({ id }) => id)).toEqual(['9', '99', '100'])
  })
})

describe('errors', () => {
  it('are recognised by their constraint, and carry no value', async () => {
    const { username } = await make.makeUser({ email: 'canary@example.test' })
    const error = await db
      .insert(users)
      .values({ username, email: 'canary@example.test', password: '' })
      .catch((cause: unknown) => cause)

    expect(isUniqueViolation(error)).toBe(true)
    expect(isUniqueViolation(error, 'users_username_unique')).toBe(true)
    expect(isUniqueViolation(error, 'users_uuid_unique')).toBe(false)
    expect(isForeignKeyViolation(error)).toBe(false)
    expect(findDatabaseFailure(error)).toEqual({
      code: '23505',
      table: 'users',
      column: undefined,
      constraint: 'users_username_unique',
    })
    expect(JSON.stringify((error as Error).cause)).not.toContain('canary')
  })

  it('of a check leave the row out, in every way to ask', async () => {
    const insert = `insert into users (username, email, password, created_at, updated_at) values ('canary', 'canary', 'canary', now(), now())`
    const alone = await usePool().connect()
    const errors = await Promise.all(
      [
        usePool().query(insert),
        alone.query(insert),
        db.execute(sql.raw(insert)).catch((error: Error) => Promise.reject(error.cause)),
      ].map((asked) =>
        asked.then(
          () => undefined,
          (error: Error) => error,
        ),
      ),
    )
    alone.release()

    for (const error of errors) {
      expect(findDatabaseFailure(error)?.constraint).toBe('users_password_check')
      expect(JSON.stringify({ ...error, message: error?.message })).not.toContain('canary')
    }
  })

  it('of a value that is none do not repeat it', async () => {
    const error = (await usePool()
      .query(`select 'canary'::timestamp`)
      .catch((cause: unknown) => cause)) as Error

    expect(findDatabaseFailure(error)?.code).toBe('22007')
    expect(error.message).toBe('invalid input syntax for type timestamp')
  })

  it('of something else are no failure of the database', () => {
    expect(findDatabaseFailure(new Error('other'))).toBeUndefined()
    expect(findDatabaseFailure('text')).toBeUndefined()
  })
})
