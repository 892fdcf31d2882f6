import { OperatorError } from '#server/env/operator-error'
import { checkFields } from '../check-fields.ts'
import { definePanelCommand } from '../panel-command.ts'

export default definePanelCommand({
  name: 'test-mail',
  description: 'Send a mail now, and print what the mail server says against it',
  args: { to: { type: 'string', required: true, description: 'Whom to send it to' } },
  async check({ to }) {
    const { z } = await import('zod')
    return checkFields(z.object({ to: z.email() }), { to })
  },
  async work({ to }) {
    const { sendTestMail } = await import('#server/services/mail/send-test-mail')
    await sendTestMail({ to }).catch((error: unknown) => {
      throw new OperatorError(`The mail was not sent: ${error instanceof Error ? error.message : String(error)}`)
    })
    return { to }
  },
  tell: ({ to }) => ({ sent_to: to }),
  say: ({ to }) => `The mail server took a mail to ${to}.`,
})
