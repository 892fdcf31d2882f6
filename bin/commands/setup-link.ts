import { defineCommand } from 'citty'
import { migrateDatabase } from '#server/database/migrate'
import { MIGRATIONS, withPanel } from '../launch.ts'

export default defineCommand({
  meta: {
    name: 'setup-link',
    description: 'Print a new link to the set-up, which works once; earlier ones end with it',
  },
  args: { json: { type: 'boolean', description: 'Print it as JSON' } },
  async run({ args }) {
    const link = await withPanel(async ({ database, secret }) => {
      await migrateDatabase({ url: database.url, folder: MIGRATIONS, secret })
      const { createSetupLink } = await import('#server/services/setup/create-setup-link')
      return createSetupLink()
    })

    if (args.json) {
      console.log(JSON.stringify({ url: link?.url ?? null }))
      return
    }

    console.log(link ? link.url : 'This panel has been set up already. A forgotten password is replaced by its reset.')
  },
})
