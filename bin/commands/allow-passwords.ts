import { definePanelCommand } from '../panel-command.ts'

export default definePanelCommand({
  name: 'allow-passwords',
  description: 'Let people sign in with a password again, where the settings say that only providers let anybody in',
  args: {},
  check: () => ({}),
  async work() {
    const [{ allowPasswords }, { SYSTEM }] = await Promise.all([
      import('#server/services/settings/allow-passwords'),
      import('#server/auth/actor'),
    ])
    return allowPasswords({ actor: SYSTEM })
  },
  tell: ({ changed }) => ({ changed }),
  say: ({ changed }) =>
    changed ? 'A name and a password let people in again.' : 'Passwords were switched on already.',
})
