import { randomBytes } from 'node:crypto'
import { checkFields } from '../check-fields.ts'
import { definePanelCommand } from '../panel-command.ts'
import { readSecret } from '../read-secret.ts'

export default definePanelCommand({
  name: 'reset-password',
  description: 'Give somebody a new password, which ends all his sessions',
  args: {
    user: { type: 'string', required: true, description: 'User name or e-mail address' },
    password: { type: 'string', description: '- reads it from standard input. Left out, one is made and printed' },
  },
  async check(given) {
    const [{ z }, { newPasswordField }] = await Promise.all([import('zod'), import('#shared/contracts/person-fields')])
    const password = await readSecret(given.password)
    const asked = await checkFields(z.object({ password: newPasswordField().optional() }), { password })
    return {
      user: given.user,
      password: asked.password ?? randomBytes(15).toString('base64url'),
      isMade: asked.password === undefined,
    }
  },
  async work({ user, password, isMade }) {
    const [{ findPerson }, { SYSTEM }, { updateUser }] = await Promise.all([
      import('../find-person.ts'),
      import('#server/auth/actor'),
      import('#server/services/users/update-user'),
    ])
    const found = await findPerson(user)
    await updateUser({ actor: SYSTEM, user: found, change: {}, password })
    return { username: found.username, password: isMade ? password : null }
  },
  tell: (outcome) => outcome,
  say: ({ username, password }) =>
    [
      `${username} signs in with a new password; every session and every open file transfer has ended.`,
      ...(password ? [`Password: ${password}`] : []),
    ].join('\n'),
})
