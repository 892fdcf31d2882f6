import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { defineCommand } from 'citty'
import { findRunningDatabase } from '#server/database/embedded'
import { describeDatabase, type DatabaseReport } from '#server/database/migrate'
import { findOwnSecret, ownSecretFile } from '#server/env/app-secret'
import type { LaunchEnvironment } from '#server/env'
import { explain } from '../explain.ts'
import { launch, MIGRATIONS, readSettings } from '../launch.ts'

interface Finding {
  name: string
  isGood: boolean
  says: string
}

export default defineCommand({
  meta: { name: 'doctor', description: 'Say what the panel runs on, and what is wrong with it' },
  args: { json: { type: 'boolean', description: 'Print it as JSON, the address of the database with its password' } },
  async run({ args }) {
    const settings = readSettings()
    const wasRunning = Boolean(
      settings.DATABASE_URL || (await findRunningDatabase({ dataFolder: settings.XYRA_DATA_DIR })),
    )
    const examined = await examine(settings)
    const findings = findingsOf(settings, examined)
    const isWell = findings.every(({ isGood }) => isGood)

    if (args.json) {
      console.log(
        JSON.stringify(
          {
            ok: isWell,
            databaseUrl: examined.databaseUrl,
            kind: settings.DATABASE_URL ? 'external' : 'embedded',
            wasRunning,
            dataFolder: settings.XYRA_DATA_DIR,
            schema: examined.report && {
              applied: examined.report.applied,
              newest: examined.report.newest,
              current: examined.report.isCurrent,
            },
            postgres: examined.report?.server ?? null,
            secret: { source: secretSource(settings), opens: examined.report?.opensWithSecret ?? null },
            node: process.versions.node,
            findings: findings.map(({ name, isGood, says }) => ({ name, ok: isGood, says })),
          },
          null,
          2,
        ),
      )
    } else {
      for (const { name, isGood, says } of findings) {
        console.log(`${isGood ? ' ok ' : 'LOOK'}  ${name.padEnd(12)} ${says}`)
      }
    }
    process.exitCode = isWell ? 0 : 1
  },
})

interface Examined {
  databaseUrl: string | null
  report: DatabaseReport | null
  trouble: string | null
}

/** Starts the embedded database where it does not run, to look into it, and stops it again. */
async function examine(settings: LaunchEnvironment): Promise<Examined> {
  try {
    const { database, secret } = await launch(settings)
    try {
      const report = await describeDatabase({ url: database.url, folder: MIGRATIONS, secret })
      return { databaseUrl: database.url, report, trouble: null }
    } catch (error) {
      return { databaseUrl: database.url, report: null, trouble: explain(error) }
    } finally {
      await database.stop()
    }
  } catch (error) {
    return { databaseUrl: settings.DATABASE_URL ?? null, report: null, trouble: explain(error) }
  }
}

function findingsOf(settings: LaunchEnvironment, { report, trouble }: Examined): Finding[] {
  const kind = settings.DATABASE_URL ? 'given by DATABASE_URL' : 'of its own'
  const database: Finding = report
    ? {
        name: 'database',
        isGood: true,
        says: `PostgreSQL ${report.server}, ${kind}: ${report.users} users, ${report.nodes} nodes, ${report.servers} servers`,
      }
    : { name: 'database', isGood: false, says: trouble ?? 'cannot be used' }

  return [
    { name: 'node', isGood: true, says: `Node ${process.versions.node}` },
    folderFinding(settings.XYRA_DATA_DIR),
    database,
    ...(report ? [schemaFinding(report), secretFinding(settings, report)] : []),
    {
      name: 'build',
      isGood: true,
      says: existsSync('.output/server/index.mjs') ? 'done' : 'not done yet; npm start does it',
    },
  ]
}

function folderFinding(folder: string): Finding {
  try {
    accessSync(folder, constants.W_OK)
    return { name: 'data folder', isGood: true, says: folder }
  } catch {
    return {
      name: 'data folder',
      isGood: false,
      says: `${folder} cannot be written. Give it to the account that runs the panel.`,
    }
  }
}

function schemaFinding({ applied, newest, isCurrent, isNewerThanCode }: DatabaseReport): Finding {
  if (isNewerThanCode) {
    return {
      name: 'schema',
      isGood: false,
      says: `is of ${applied}, newer than this panel knows (${newest}). Update the panel.`,
    }
  }

  return {
    name: 'schema',
    isGood: isCurrent,
    says: isCurrent
      ? newest
      : `${applied ?? 'none yet'}; ${newest} is to come. xyra migrate applies it, and so does the next start.`,
  }
}

function secretFinding(settings: LaunchEnvironment, { opensWithSecret }: DatabaseReport): Finding {
  const source = secretSource(settings)
  const place = source === 'environment' ? 'APP_SECRET' : ownSecretFile(settings.XYRA_DATA_DIR)
  if (opensWithSecret === false) {
    return {
      name: 'secret',
      isGood: false,
      says: `${place} does not open what is sealed in this database. Put the earlier secret back.`,
    }
  }
  if (source === 'file' && (statSync(place).mode & 0o077) !== 0) {
    return { name: 'secret', isGood: false, says: `${place} can be read by others. chmod 600 ${place}` }
  }

  return { name: 'secret', isGood: true, says: `in ${place}; belongs into the backup of the panel` }
}

const secretSource = (settings: LaunchEnvironment): 'environment' | 'file' | 'missing' =>
  settings.APP_SECRET ? 'environment' : findOwnSecret(settings.XYRA_DATA_DIR) ? 'file' : 'missing'
