import { createServer, type AddressInfo } from 'node:net'
import { createConnection } from 'mysql2/promise'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HostAddress } from '#server/database-engines/host-session'
import { onHost } from '#server/database-engines/on-host'
import type { HostTrouble } from '#server/database-engines/trouble'
import { tryHost } from '#server/services/database-hosts/try-host'
import { hasMariadb, startMariadb, type Mariadb } from '../../support/mariadb'
import { postgresqlHost, type PostgresqlHost } from './postgresql-host'

const account = (name: string, more: object = {}) => ({
  database: name,
  username: `u_${name}`,
  remote: '%',
  password: `Pass!${name}=1`,
  maxConnections: null,
  ...more,
})
const troubleOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: HostTrouble) => error,
  )

describe.skipIf(!hasMariadb)('a MariaDB host', () => {
  let host: Mariadb
  beforeAll(async () => {
    host = await startMariadb()
  })
  afterAll(() => host.stop())

  const as = async (user: string, password: string, statement: string, database?: string) => {
    const connection = await createConnection({
      host: '127.0.0.1',
      port: host.port,
      user,
      password,
      ...(database !== undefined && { database }),
    })
    try {
      return (await connection.query(statement))[0]
    } finally {
      connection.destroy()
    }
  }

  it('makes a database whose account does everything in it and nothing outside', async () => {
    const one = account('s1_shop', { maxConnections: 3 })
    await onHost(host.address, (session) => session.create(one))
    await as(one.username, one.password, 'create table t (a int primary key)', one.database)
    await as(one.username, one.password, 'create view v as select * from t', one.database)
    await as(one.username, one.password, 'insert into t values (1)', one.database)
    await expect(as(one.username, one.password, 'create database other')).rejects.toThrow(/Access denied/)
    await expect(as(one.username, one.password, 'select * from mysql.user')).rejects.toThrow(/denied/)
    await expect(as(one.username, one.password, `grant select on s1_shop.* to panel@'%'`)).rejects.toThrow(/denied/)
    const [user] = await host.ask<{ most: number }>(
      `select max_user_connections as most from mysql.user where user = '${one.username}'`,
    )
    expect(Number(user?.most)).toBe(3)
    const sizes = await onHost(host.address, (session) => session.sizesOf(['s1_shop', 'nothing']))
    expect([...sizes.keys()]).toEqual(['s1_shop'])
    expect(sizes.get('s1_shop')).toBeGreaterThan(0)
  })

  it('opens no other database whose name fits: an underscore is no wildcard', async () => {
    const [one, other] = [account('s1_2_shop'), account('s132_shop')]
    await onHost(host.address, (session) => session.create(one))
    await onHost(host.address, (session) => session.create(other))
    await expect(as(one.username, one.password, 'create table t (a int)', other.database)).rejects.toThrow(/denied/)
  })

  it('takes a new password, and ends what is connected by the old one', async () => {
    const one = account('s1_rotated')
    await onHost(host.address, (session) => session.create(one))
    const open = await createConnection({
      host: '127.0.0.1',
      port: host.port,
      user: one.username,
      password: one.password,
    })
    open.on('error', () => {})
    const renewed = { ...one, password: 'Another=Pass1' }
    await onHost(host.address, (session) => session.renew(renewed))
    await expect(open.query('select 1')).rejects.toThrow()
    await expect(as(one.username, one.password, 'select 1')).rejects.toThrow(/Access denied/)
    await as(one.username, renewed.password, 'create table t (a int)', one.database)
  })

  it('drops both, and said again it changes nothing; what holds something is left where nobody ever had the key', async () => {
    const one = account('s1_dropped')
    await onHost(host.address, (session) => session.create(one))
    await as(one.username, one.password, 'create table t (a int)', one.database)
    await onHost(host.address, (session) => session.drop(one, { ifUnused: true }))
    expect(await onHost(host.address, (session) => session.has(one.database))).toBe(true)
    await onHost(host.address, (session) => session.drop(one))
    await onHost(host.address, (session) => session.drop(one))
    expect(await onHost(host.address, (session) => session.has(one.database))).toBe(false)
    expect(await host.ask(`select 1 from mysql.user where user = '${one.username}'`)).toEqual([])
  })

  it('lets one at a time change a database', async () => {
    const inside = Promise.withResolvers<void>()
    const leave = Promise.withResolvers<void>()
    const first = onHost(host.address, async (session) => {
      expect(await session.hold('s1_held')).toBe(true)
      inside.resolve()
      await leave.promise
    })
    await inside.promise
    const second = onHost(host.address, (session) => session.hold('s1_held'))
    leave.resolve()
    await first
    expect(await second).toBe(true)
  })

  it('says in its own words what is wrong, and repeats no password', async () => {
    const denied = await troubleOf(
      onHost({ ...host.address, password: 'canary-wrong' }, (session) => session.describe()),
    )
    expect(denied).toMatchObject({ kind: 'refused', code: 'ER_ACCESS_DENIED_ERROR' })
    expect(denied?.message).toMatch(/Access denied for user 'panel'/)
    const one = account('s1_twice', { password: 'canary-account' })
    await onHost(host.address, (session) => session.create(one))
    const twice = await troubleOf(onHost(host.address, (session) => session.create(one)))
    expect(twice).toMatchObject({ kind: 'refused' })
    expect(JSON.stringify([twice, twice?.message, twice?.stack, denied?.message])).not.toContain('canary')
  })

  it('is asked for encryption as its mode says: Debian’s own has none', async () => {
    await expect(onHost({ ...host.address, tlsMode: 'off' }, (session) => session.describe())).resolves.toMatchObject({
      version: expect.stringMatching(/^MariaDB \d+\.\d+/) as string,
      isEncrypted: false,
    })
    const required = await troubleOf(onHost({ ...host.address, tlsMode: 'require' }, (session) => session.describe()))
    expect(required).toMatchObject({ kind: 'silent', message: 'The host does not offer encrypted connections.' })
  })

  it('is tried with a database of its own, of which nothing is left', async () => {
    expect(await tryHost(host.address, { isThorough: true })).toMatchObject({ ok: true, error: null })
    expect(await host.ask(`show databases like 'xyra%'`)).toEqual([])
    expect(await host.ask(`select user from mysql.user where user like 'xyra%'`)).toEqual([])
    await host.ask(`create user weak@'%' identified by 'weak'`)
    const weak = await tryHost({ ...host.address, username: 'weak', password: 'weak' }, { isThorough: true })
    expect(weak).toMatchObject({ ok: false, error: expect.stringMatching(/CREATE USER/) as string })
    expect(await tryHost({ ...host.address, username: 'weak', password: 'weak' }, { isThorough: false })).toMatchObject(
      {
        ok: true,
      },
    )
  })
})

describe('a PostgreSQL host', () => {
  let host: PostgresqlHost
  beforeAll(async () => {
    host = await postgresqlHost()
  })
  afterAll(() => host.close())

  it('makes a database of its own account, into which nobody else comes', async () => {
    const [one, other] = [account('s1_shop'), account('s2_shop', { maxConnections: 2 })]
    await onHost(host.address, (session) => session.create(one))
    await onHost(host.address, (session) => session.create(other))
    await host.as(one.username, one.password, one.database, 'create table t (a int)')
    await expect(host.as(other.username, other.password, one.database, 'select 1')).rejects.toThrow(/permission denied/)
    await expect(host.as(one.username, one.password, one.database, 'create database more')).rejects.toThrow(/denied/)
    const [role] = await host.ask<{ most: number }>(
      `select rolconnlimit as most from pg_roles where rolname = '${other.username}'`,
    )
    expect(role?.most).toBe(2)
    const sizes = await onHost(host.address, (session) => session.sizesOf([one.database]))
    expect(sizes.get(one.database)).toBeGreaterThan(0)

    const renewed = { ...one, password: 'Another=Pass1' }
    await onHost(host.address, (session) => session.renew(renewed))
    await expect(host.as(one.username, one.password, one.database, 'select 1')).rejects.toThrow(/authentication/)
    await host.as(one.username, renewed.password, one.database, 'select * from t')

    await onHost(host.address, (session) => session.drop(one))
    await onHost(host.address, (session) => session.drop(one))
    await onHost(host.address, (session) => session.drop(other))
    expect(await host.ask(`select 1 from pg_roles where rolname in ('${one.username}', '${other.username}')`)).toEqual(
      [],
    )
  })

  it('leaves a database of somebody else, which merely has the name', async () => {
    await host.ask('create database s9_foreign')
    const one = account('s9_foreign')
    const refused = await troubleOf(onHost(host.address, (session) => session.create(one)))
    expect(refused).toMatchObject({ kind: 'refused', message: 'database "s9_foreign" already exists' })
    await onHost(host.address, (session) => session.drop(one, { ifUnused: true }))
    expect(await host.ask(`select 1 from pg_database where datname = 's9_foreign'`)).toHaveLength(1)
    await host.ask('drop database s9_foreign')
  })

  it('is tried with a database of its own', async () => {
    expect(await tryHost(host.address, { isThorough: true })).toMatchObject({
      ok: true,
      version: expect.stringMatching(/^PostgreSQL \d+/) as string,
    })
    const wrong = await tryHost({ ...host.address, username: 'nobody_here' }, { isThorough: true })
    expect(wrong.error).toMatch(/authentication failed|does not exist/)
    expect(await host.ask(`select datname from pg_database where datname like 'xyra_check%'`)).toEqual([])
  })
})

describe.each(['mysql', 'postgresql'] as const)('a %s host that says nothing', (engine) => {
  it('holds nobody up for longer than it may', async () => {
    const sockets = new Set<{ destroy: () => void }>()
    const silent = createServer((socket) => void sockets.add(socket))
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done))
    const { port } = silent.address() as AddressInfo
    const address: HostAddress = { engine, host: '127.0.0.1', port, username: 'a', password: 'b', tlsMode: 'prefer' }
    const said = await troubleOf(onHost(address, (session) => session.describe(), { withinMs: 300 }))
    expect(said).toMatchObject({ kind: 'silent', code: 'ETIMEDOUT' })
    for (const socket of sockets) socket.destroy()
    await new Promise((done) => silent.close(done))
    const refused = await troubleOf(onHost(address, (session) => session.describe()))
    expect(refused).toMatchObject({ kind: 'silent', message: 'Connection refused: nothing listens there.' })
  })
})
