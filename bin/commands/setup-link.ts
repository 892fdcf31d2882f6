import { definePanelCommand } from '../panel-command.ts'

export default definePanelCommand({
  name: 'setup-link',
  description: 'Print a new link to the set-up, which works once; earlier ones end with it',
  args: {},
  check: () => null,
  async work() {
    const { createSetupLink } = await import('#server/services/setup/create-setup-link')
    return createSetupLink()
  },
  tell: (link) => ({ url: link?.url ?? null }),
  say: (link) => link?.url ?? 'This panel has been set up already. A forgotten password is replaced by reset-password.',
})
