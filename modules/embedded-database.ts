import { resolve } from 'node:path'
import { defineNuxtModule, useLogger } from '@nuxt/kit'
import { startDatabase } from '../server/database/embedded.ts'
import { migrateDatabase } from '../server/database/migrate.ts'
import { launchEnvironment, readEnvironment } from '../server/env.ts'
import { provideOwnSecret } from '../server/env/app-secret.ts'

/**
 * `npm run dev` has what `npm start` has: a database, its schema and a secret. Here and not in the server, which is
 * started again at each change of a file; its thread inherits this environment.
 */
export default defineNuxtModule({
  meta: { name: 'embedded-database' },
  async setup(_options, nuxt) {
    if (!nuxt.options.dev || nuxt.options._prepare || nuxt.options.test) {
      return
    }

    const settings = readEnvironment(launchEnvironment, process.env)
    const dataFolder = resolve(nuxt.options.rootDir, settings.XYRA_DATA_DIR)
    const database = await startDatabase({ url: settings.DATABASE_URL, dataFolder })
    const secret = settings.APP_SECRET ?? provideOwnSecret(dataFolder)
    await migrateDatabase({ url: database.url, folder: resolve(nuxt.options.rootDir, 'drizzle'), secret })

    process.env.DATABASE_URL = database.url
    process.env.APP_SECRET = secret
    process.env.XYRA_DATA_DIR = dataFolder
    useLogger('database').info(`PostgreSQL, ${database.kind}${database.isOwned ? '' : ', started by another'}`)

    nuxt.hook('close', async () => {
      // A restart of nuxt reads the environment again; the address of a database that is gone must not be in it.
      if (!settings.DATABASE_URL) {
        delete process.env.DATABASE_URL
      }
      await database.stop()
    })
  },
})
