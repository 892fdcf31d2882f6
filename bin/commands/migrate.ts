import { defineCommand } from 'citty'
import { migrateDatabase } from '#server/database/migrate'
import { MIGRATIONS, withPanel } from '../launch.ts'
import { refuseMistakes } from '../panel-command.ts'

const options = { json: { type: 'boolean', description: 'Print the outcome as JSON' } } as const

export default defineCommand({
  meta: { name: 'migrate', description: 'Bring the database to the schema of this version' },
  args: options,
  async run({ args, rawArgs }) {
    refuseMistakes(options, rawArgs, args)
    const { before } = await withPanel(({ database, secret }) =>
      migrateDatabase({ url: database.url, folder: MIGRATIONS, secret }),
    )
    if (args.json) {
      console.log(JSON.stringify({ before: before.applied, after: before.newest, changed: !before.isCurrent }))
      return
    }

    console.log(
      before.isCurrent
        ? `The database is at ${before.newest} already.`
        : `The database is at ${before.newest} now; it was at ${before.applied ?? 'nothing'}.`,
    )
  },
})
