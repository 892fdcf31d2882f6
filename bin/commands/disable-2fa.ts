import { definePanelCommand } from '../panel-command.ts'

export default definePanelCommand({
  name: 'disable-2fa',
  description: 'Turn off the second factor of somebody who has lost it, which ends all his sessions',
  args: { user: { type: 'string', required: true, description: 'User name or e-mail address' } },
  check: ({ user }) => ({ user }),
  async work({ user: named }) {
    const [{ findPerson }, { SYSTEM }, { disableTwoFactor }] = await Promise.all([
      import('../find-person.ts'),
      import('#server/auth/actor'),
      import('#server/services/users/disable-two-factor'),
    ])
    const user = await findPerson(named)
    await disableTwoFactor({ actor: SYSTEM, user })
    return { username: user.username, hadOne: user.useTotp }
  },
  tell: ({ username, hadOne }) => ({ username, changed: hadOne }),
  say: ({ username, hadOne }) =>
    hadOne ? `${username} signs in by his password alone now.` : `${username} has no second factor.`,
})
