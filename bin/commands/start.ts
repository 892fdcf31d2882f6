import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { defineCommand } from 'citty'
import { migrateDatabase } from '#server/database/migrate'
import type { LaunchEnvironment } from '#server/env'
import { OperatorError } from '#server/env/operator-error'
import { greet } from '../greet.ts'
import { launch, MIGRATIONS, readSettings } from '../launch.ts'
import { refuseMistakes } from '../panel-command.ts'
import { runWorkers } from '../workers.ts'

const SERVER = join('.output', 'server', 'index.mjs')

export default defineCommand({
  meta: { name: 'start', description: 'Start the panel, and a database of its own unless DATABASE_URL names one' },
  async run({ args, rawArgs }) {
    refuseMistakes({}, rawArgs, args)
    const settings = readSettings()
    if (!existsSync(SERVER)) {
      throw new OperatorError(
        'The panel has not been built yet. Start it by npm start, which builds it, or run npm run build.',
      )
    }
    await refuseTakenPort(settings)

    const { database, secret } = await launch(settings, { onRevival: console.error })
    // Whatever ends this process. Only here is it certain that no query is left.
    process.once('exit', () => database.stopSync())
    const { isUnused } = await migrateDatabase({ url: database.url, folder: MIGRATIONS, secret })

    if (settings.WEB_WORKERS > 1) {
      runWorkers(SERVER, settings.WEB_WORKERS)
    } else {
      await import(pathToFileURL(SERVER).href)
    }
    await greet({ settings, database, isUnused })
  },
})

/** Before anything else is begun. The server itself would end with a stack. */
function refuseTakenPort({ HOST, PORT }: LaunchEnvironment): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
      .once('error', (error: NodeJS.ErrnoException) =>
        reject(new OperatorError(portSentence(error, PORT, HOST), { cause: error })),
      )
      .listen({ port: PORT, host: HOST }, () => probe.close(() => resolve()))
  })
}

function portSentence({ code, message }: NodeJS.ErrnoException, port: number, host = 'every address'): string {
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} is taken by another program. End it, or name another port: PORT=3001 npm start`
    case 'EACCES':
      return `Port ${port} may not be opened by this account. Name one above 1023 in PORT and put a reverse proxy before it.`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `This machine has no address ${host}. Correct HOST, or leave it empty to listen on every address.`
    default:
      return `The panel cannot listen on ${host}, port ${port}: ${message}`
  }
}
