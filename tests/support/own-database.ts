import { afterAll, inject } from 'vitest'
import { makeDatabase } from './database'

/*
 * Runs before each test file of the integration project, and before anything of the server is loaded: `useDrizzle()` then
 * opens a database that no other file sees.
 */

const database = await makeDatabase(inject('templateUrl'))

process.env.DATABASE_URL = database.url
process.env.APP_SECRET = '6f1d0c3b9a8e7245d1c0b3a2f4e59687c8d7e6f5a4b39201'
process.env.LOG_LEVEL ||= 'error'

afterAll(async () => {
  const [{ closeQueue }, { closeDatabase }] = await Promise.all([
    import('#server/jobs/queue'),
    import('#server/database/client'),
  ])
  await closeQueue(0)
  await closeDatabase()
  await database.drop()
})
