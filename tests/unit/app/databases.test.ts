import { describe, expect, it } from 'vitest'
import { databaseAddress, databaseUri, jdbcUri, type DatabaseWay } from '../../../app/utils/database-address'

const way: DatabaseWay = {
  engine: 'mysql',
  host: 'db1.example.com',
  port: 3306,
  database: 's12_main',
  username: 'u12_x8',
  password: 'a!b@c=d/e+f:g^',
}

describe('the address of a database', () => {
  it('can be read by programs, whatever the password has in it', () => {
    const read = new URL(databaseUri(way).replace(/^mysql/, 'http'))
    expect([read.hostname, read.port, read.pathname, read.username]).toEqual([
      'db1.example.com',
      '3306',
      '/s12_main',
      'u12_x8',
    ])
    expect(decodeURIComponent(read.password)).toBe(way.password)
    const { searchParams } = new URL(jdbcUri(way).replace(/^jdbc:mysql/, 'http'))
    expect([searchParams.get('user'), searchParams.get('password')]).toEqual([way.username, way.password])
  })

  it('says no password that is not shown', () => {
    const { password: _, ...hidden } = way
    expect(databaseUri(hidden)).toBe('mysql://u12_x8@db1.example.com:3306/s12_main')
    expect(jdbcUri({ ...hidden, engine: 'postgresql', port: 5432 })).toBe(
      'jdbc:postgresql://db1.example.com:5432/s12_main?user=u12_x8',
    )
  })

  it('puts IPv6 into brackets', () =>
    expect(databaseAddress({ host: '2001:db8::1', port: 3306 })).toBe('[2001:db8::1]:3306'))
})
