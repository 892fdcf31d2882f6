import { eq } from 'drizzle-orm'
import { createConnection } from 'mysql2/promise'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { SYSTEM } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { serverDatabases } from '#server/database/schema'
import { onHost } from '#server/database-engines/on-host'
import { createDatabase } from '#server/services/databases/create-database'
import { deleteDatabase } from '#server/services/databases/delete-database'
import { rotatePassword } from '#server/services/databases/rotate-password'
import { settleDatabase } from '#server/services/databases/settle-database'
import { hasMariadb, startMariadb, type Mariadb } from '../../support/mariadb'
import { openWireCutter, type WireCutter } from '../../support/wire-cutter'
import { arrange, runWaiting, type Arranged } from './arrange'
import { postgresqlHost } from './postgresql-host'

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: { code?: string }) => error.code,
  )
const rowsOf = ({ server }: Arranged) =>
  useDrizzle().select().from(serverDatabases).where(eq(serverDatabases.serverId, server.id))
const create = ({ server, host }: Arranged) =>
  createDatabase({ actor: SYSTEM, server, node: null, host, name: 'shop', remote: '%' })

describe.skipIf(!hasMariadb)('a MariaDB host that breaks off in the middle', () => {
  let [maria, line] = [] as unknown as [Mariadb, WireCutter]
  beforeAll(async () => {
    maria = await startMariadb()
    line = await openWireCutter(maria)
  })
  afterEach(() => line.onCut(() => {}))
  afterAll(async () => {
    await line.close()
    await maria.stop()
  })

  const staged = () => arrange({ ...maria.address, port: line.port, tlsMode: 'off' })
  const left = async ({ server: { id } }: Arranged) => [
    (await maria.ask(`show databases like 's${id}\\_%'`)).length,
    (await maria.ask(`select 1 from mysql.user where user like 'u${id}\\_%'`)).length,
  ]
  const mayEnter = (username: string, password: string) =>
    createConnection({ host: '127.0.0.1', port: maria.port, user: username, password }).then(
      (open) => {
        open.destroy()
        return true
      },
      () => false,
    )

  it.each([
    [/create user/, 'before'],
    [/create user/, 'after'],
    [/create database/, 'before'],
    [/create database/, 'after'],
    [/grant /, 'before'],
    [/grant /, 'after'],
  ] as const)('leaves nothing of a creation that ends at %s, %s', async (statement, when) => {
    const stage = await staged()
    line.cut(statement, when)
    expect(await failureOf(create(stage))).toBe('database.host_silent')
    expect(await rowsOf(stage)).toMatchObject([{ provisionedAt: null }])
    expect(await runWaiting()).toEqual(['databases.settle'])
    expect([await rowsOf(stage), await left(stage)]).toEqual([[], [0, 0]])
    await create(stage)
    expect(await left(stage)).toEqual([1, 1])
  })

  it('and dies with it: what was begun is settled when it is back', async () => {
    const stage = await staged()
    let died = Promise.resolve()
    line.onCut(() => (died = maria.kill()))
    line.cut(/grant /, 'before')
    expect(await failureOf(create(stage))).toBe('database.host_silent')
    await died
    await expect(runWaiting()).rejects.toThrow()
    await maria.start()
    await runWaiting()
    expect([await rowsOf(stage), await left(stage)]).toEqual([[], [0, 0]])
  })

  it.each([
    [/drop user/, 'before'],
    [/drop user/, 'after'],
    [/create user/, 'before'],
    [/create user/, 'after'],
    [/grant /, 'after'],
  ] as const)(
    'lets in by the password that is stored after a rotation that ends at %s, %s',
    async (statement, when) => {
      const stage = await staged()
      const made = await create(stage)
      line.cut(statement, when)
      expect(await failureOf(rotatePassword({ actor: SYSTEM, database: made }))).toBe('database.host_silent')
      const [row] = await rowsOf(stage)
      expect(row?.password).toBe(made.password)
      await runWaiting()
      expect(await mayEnter(made.username, made.password)).toBe(true)
      expect(await left(stage)).toEqual([1, 1])
    },
  )

  it.each([
    [/drop user/, 'before'],
    [/drop database/, 'before'],
    [/drop database/, 'after'],
  ] as const)('brings a deletion to its end that breaks off at %s, %s', async (statement, when) => {
    const stage = await staged()
    const made = await create(stage)
    line.cut(statement, when)
    expect(await failureOf(deleteDatabase({ actor: SYSTEM, database: made }))).toBe('database.host_silent')
    await runWaiting()
    expect([await rowsOf(stage), await left(stage)]).toEqual([[], [0, 0]])
  })

  it('keeps a database that somebody put something into, of which only a half-made row tells', async () => {
    const stage = await staged()
    const made = await create(stage)
    await maria.ask(`create table ${made.database}.t (a int)`)
    await useDrizzle().update(serverDatabases).set({ provisionedAt: null }).where(eq(serverDatabases.id, made.id))
    await settleDatabase({ databaseHostId: stage.host.id, databaseId: made.id, begun: 'creation' })
    expect([await rowsOf(stage), await left(stage)]).toEqual([[], [1, 0]])
  })

  it('leaves alone what its process ended after all, and what somebody still works on', async () => {
    const stage = await staged()
    const made = await create(stage)
    const settle = { databaseHostId: stage.host.id, databaseId: made.id, begun: 'creation' } as const
    await settleDatabase(settle)
    expect(await left(stage)).toEqual([1, 1])

    const begun = Promise.withResolvers<void>()
    const end = Promise.withResolvers<void>()
    const working = onHost(maria.address, async (session) => {
      await session.hold(made.database)
      begun.resolve()
      await end.promise
    })
    await begun.promise
    const settling = settleDatabase({ ...settle, begun: 'rotation' })
    end.resolve()
    await Promise.all([working, settling])
    expect(await mayEnter(made.username, made.password)).toBe(true)
  })

  it('takes back one that was marked as made by somebody who never heard of it', async () => {
    const stage = await staged()
    const made = await create(stage)
    await onHost(maria.address, (session) => session.drop(made, { ifUnused: true }))
    await settleDatabase({ databaseHostId: stage.host.id, databaseId: made.id, begun: 'creation' })
    expect([await rowsOf(stage), await left(stage)]).toEqual([[], [0, 0]])
  })

  it('takes one password of two that are asked for at once', async () => {
    const stage = await staged()
    const made = await create(stage)
    const both = [1, 2].map(() => rotatePassword({ actor: SYSTEM, database: made }))
    await Promise.all(both)
    const [row] = await rowsOf(stage)
    expect(await mayEnter(made.username, row!.password)).toBe(true)
  })
})

describe('a PostgreSQL host', () => {
  it('goes the same way, and is settled the same', async () => {
    const host = await postgresqlHost()
    const line = await openWireCutter(host.address)
    const stage = await arrange({ ...host.address, port: line.port, tlsMode: 'off' })
    const left = async () =>
      (await host.ask(`select datname from pg_database where datname like 's${stage.server.id}\\_%'`)).length +
      (await host.ask(`select rolname from pg_roles where rolname like 'u${stage.server.id}\\_%'`)).length
    for (const when of ['before', 'after'] as const) {
      line.cut(/create database/, when)
      expect(await failureOf(create(stage))).toBe('database.host_silent')
      await runWaiting()
      expect([await rowsOf(stage), await left()]).toEqual([[], 0])
    }
    const made = await create(stage)
    await host.as(made.username, made.password, made.database, 'create table t (a int)')
    line.cut(/alter role/, 'after')
    expect(await failureOf(rotatePassword({ actor: SYSTEM, database: made }))).toBe('database.host_silent')
    await runWaiting()
    await host.as(made.username, made.password, made.database, 'select * from t')
    await deleteDatabase({ actor: SYSTEM, database: made })
    expect([await rowsOf(stage), await left()]).toEqual([[], 0])
    await line.close()
    await host.close()
  })
})
