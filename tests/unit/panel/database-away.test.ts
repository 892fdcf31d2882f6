import { describe, expect, it } from 'vitest'
import { isDatabaseAway, noteLost } from '#server/database/away'

const coded = (code: string) => Object.assign(new Error('said by the database'), { code })

describe('a database that is away', () => {
  it.each([
    ['an administrator ends it', '57P01'],
    ['it crashed', '57P02'],
    ['it is still starting', '57P03'],
    ['it is full', '53300'],
    ['a connection could not be made', '08001'],
    ['a connection failed', '08006'],
    ['the role may not in', '28000'],
    ['the password is wrong', '28P01'],
    ['the database is not there', '3D000'],
  ])('is told by its code: %s', (_, code) => {
    expect(isDatabaseAway(coded(code))).toBe(true)
  })

  it.each([
    'Connection terminated',
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'Client has encountered a connection error and is not queryable',
    'Query read timeout',
    'timeout exceeded when trying to connect',
    'timeout expired',
  ])('is told by what the driver says: %s', (message) => {
    expect(isDatabaseAway(new Error(message))).toBe(true)
  })

  it('is told through what was made of it', () => {
    const deep = new Error('Failed query', { cause: new Error('again', { cause: coded('57P01') }) })
    expect(isDatabaseAway(deep)).toBe(true)
  })

  it('is told by its own socket, and by nobody else’s', () => {
    const [own, other] = [coded('ECONNREFUSED'), coded('ECONNREFUSED')]
    noteLost(own)
    expect(isDatabaseAway(new Error('asked', { cause: own }))).toBe(true)
    expect(isDatabaseAway(other)).toBe(false)
  })

  it.each(['23505', '22007', '40P01', '42P01', '57014', '55P03', '53100', '', 'X57P01', '57P011'])(
    'is none that was asked wrongly: %s',
    (code) => {
      expect(isDatabaseAway(coded(code))).toBe(false)
    },
  )

  it('is nothing that is no error', () => {
    for (const thrown of [undefined, null, '57P01', { code: '57P01' }]) expect(isDatabaseAway(thrown)).toBe(false)
  })
})
