import { defineCommand } from 'citty'
import { findRunningDatabase } from '#server/database/embedded'
import { describeDatabase, type DatabaseReport } from '#server/database/migrate'
import type { LaunchEnvironment } from '#server/env'
import { good, wrong, type Finding } from '../doctor/finding.ts'
import {
  diskFinding,
  folderFinding,
  schemaFinding,
  secretFinding,
  secretSource,
  versionFindings,
} from '../doctor/machine.ts'
import { examineSurroundings } from '../doctor/surroundings.ts'
import { explain } from '../explain.ts'
import { launch, MIGRATIONS, readSettings } from '../launch.ts'
import { refuseMistakes } from '../panel-command.ts'

const options = {
  json: { type: 'boolean', description: 'Print it as JSON, the address of the database with its password' },
} as const

export default defineCommand({
  meta: { name: 'doctor', description: 'Say what the panel runs on, what is wrong with it, and what to do' },
  args: options,
  async run({ args, rawArgs }) {
    refuseMistakes(options, rawArgs, args)
    const settings = readSettings()
    const wasRunning = Boolean(
      settings.DATABASE_URL || (await findRunningDatabase({ dataFolder: settings.XYRA_DATA_DIR })),
    )
    const examined = await examine(settings)
    const findings = findingsOf(settings, examined)
    const isWell = findings.every(({ isGood }) => isGood)

    if (args.json) {
      console.log(
        JSON.stringify({
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
        }),
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
  surroundings: Finding[]
}

/** Starts the embedded database where it does not run, to look into it, and stops it again. */
async function examine(settings: LaunchEnvironment): Promise<Examined> {
  try {
    const { database, secret } = await launch(settings)
    try {
      const report = await describeDatabase({ url: database.url, folder: MIGRATIONS, secret })
      const isReadable = report.isCurrent && report.opensWithSecret !== false
      const surroundings = isReadable ? await examineSurroundings() : []
      return { databaseUrl: database.url, report, trouble: null, surroundings }
    } catch (error) {
      return { databaseUrl: database.url, report: null, trouble: explain(error), surroundings: [] }
    } finally {
      await database.stop()
    }
  } catch (error) {
    return { databaseUrl: settings.DATABASE_URL ?? null, report: null, trouble: explain(error), surroundings: [] }
  }
}

function findingsOf(settings: LaunchEnvironment, { report, trouble, surroundings }: Examined): Finding[] {
  const kind = settings.DATABASE_URL ? 'given by DATABASE_URL' : 'of its own'
  const database = report
    ? good(
        'database',
        `PostgreSQL ${report.server}, ${kind}: users ${report.users}, nodes ${report.nodes}, servers ${report.servers}`,
      )
    : wrong('database', trouble ?? 'cannot be used')

  return [
    ...versionFindings(report),
    folderFinding(settings.XYRA_DATA_DIR),
    ...diskFinding(settings.XYRA_DATA_DIR),
    database,
    ...(report ? [schemaFinding(report), secretFinding(settings, report)] : []),
    ...surroundings,
  ]
}
