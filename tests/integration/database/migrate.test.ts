import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { connect } from '#server/database/connect'
import { describeDatabase, migrateDatabase } from '#server/database/migrate'
import { makeDatabase, type OwnDatabase } from '../../support/database'

const folder = 'drizzle'
const secret = 'b7a6958473625140ffeeddccbbaa9988'

describe('migrations', () => {
  let database: OwnDatabase
  beforeAll(async () => {
    database = await makeDatabase(inject('templateUrl'), { isEmpty: true })
  })
  afterAll(() => database.drop())

  it('are applied once by panels that start at the same moment', async () => {
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => migrateDatabase({ url: database.url, folder, secret })))

    expect(outcomes.filter(({ before }) => before.applied === null)).toHaveLength(1)
    expect(outcomes.filter(({ before }) => before.isCurrent)).toHaveLength(3)
    expect(outcomes.every(({ isUnused }) => isUnused)).toBe(true)
  })

  it('are described without a change', async () => {
    expect(await describeDatabase({ url: database.url, folder, secret })).toMatchObject({
      isCurrent: true,
      opensWithSecret: true,
      users: 0,
    })
    expect(await describeDatabase({ url: database.url, folder, secret: `${secret}0` })).toMatchObject({
      opensWithSecret: false,
    })
  })

  it('refuse a secret that does not open what is sealed', async () => {
    await expect(migrateDatabase({ url: database.url, folder, secret: `${secret}0` })).rejects.toThrow(/not the secret/)
  })

  it('refuse a schema that is ahead', async () => {
    const client = await connect(database.url)
    await client.query("insert into drizzle.__drizzle_migrations (hash, created_at) values ('later', 4102444800000)")
    await client.end()

    await expect(migrateDatabase({ url: database.url, folder })).rejects.toThrow(/2100-01-01/)
  })
})
