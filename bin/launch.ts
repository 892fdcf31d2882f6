import { resolve } from 'node:path'
import { startDatabase, type RunningDatabase, type StartOptions } from '#server/database/embedded'
import { launchEnvironment, readEnvironment, type LaunchEnvironment } from '#server/env'
import { findOwnSecret, ownSecretFile, provideOwnSecret } from '#server/env/app-secret'
import { OperatorError } from '#server/env/operator-error'

export const MIGRATIONS = 'drizzle'

export interface Launch {
  settings: LaunchEnvironment
  database: RunningDatabase
  secret: string
}

export function readSettings(): LaunchEnvironment {
  const settings = readEnvironment(launchEnvironment, process.env)
  return { ...settings, XYRA_DATA_DIR: resolve(settings.XYRA_DATA_DIR) }
}

/** What every command stands on: a database that runs and the secret, both told to this process's environment. */
export async function launch(
  settings: LaunchEnvironment = readSettings(),
  { onRevival }: Pick<StartOptions, 'onRevival'> = {},
): Promise<Launch> {
  if (settings.DATABASE_URL && !settings.APP_SECRET) {
    throw new OperatorError(missingSecret(settings.XYRA_DATA_DIR))
  }

  const { DATABASE_URL: url, XYRA_DATA_DIR: dataFolder } = settings
  const database = await startDatabase({ url, dataFolder, ...(onRevival && { onRevival }) })
  try {
    const secret = settings.APP_SECRET ?? provideOwnSecret(settings.XYRA_DATA_DIR)
    process.env.DATABASE_URL = database.url
    process.env.APP_SECRET = secret
    process.env.XYRA_DATA_DIR = settings.XYRA_DATA_DIR

    return { settings, database, secret }
  } catch (error) {
    await database.stop()
    throw error
  }
}

/** For a command that does its work and ends. */
export async function withPanel<Result>(work: (panel: Launch) => Promise<Result>): Promise<Result> {
  const panel = await launch()
  try {
    return await work(panel)
  } finally {
    await panel.database.stop()
  }
}

function missingSecret(dataFolder: string): string {
  const own =
    findOwnSecret(dataFolder) === undefined
      ? ''
      : ` This panel made one for the database of its own: it is in ${ownSecretFile(dataFolder)}.`
  return `APP_SECRET is not set, which a panel with DATABASE_URL needs. Set it to at least 32 random characters (openssl rand -hex 32 prints some) and keep it: what the database holds sealed opens with it alone.${own}`
}
