import { defineCommand } from 'citty'
import { migrateDatabase } from '#server/database/migrate'
import { OperatorError } from '#server/env/operator-error'
import { MIGRATIONS, withPanel } from '../launch.ts'

export default defineCommand({
  meta: { name: 'test-mail', description: 'Send a mail now, and print what the mail server says against it' },
  args: { to: { type: 'string', required: true, description: 'Whom to send it to' } },
  async run({ args: { to } }) {
    await withPanel(async ({ database, secret }) => {
      await migrateDatabase({ url: database.url, folder: MIGRATIONS, secret })
      const { sendTestMail } = await import('#server/services/mail/send-test-mail')
      await sendTestMail({ to }).catch((error: unknown) => {
        throw new OperatorError(`The mail was not sent: ${error instanceof Error ? error.message : String(error)}`)
      })
    })
    console.log(`The mail server took a mail to ${to}.`)
  },
})
