import { randomBytes } from 'node:crypto'
import { checkFields } from '../check-fields.ts'
import { definePanelCommand } from '../panel-command.ts'
import { readSecret } from '../read-secret.ts'

export default definePanelCommand({
  name: 'create-user',
  description: 'Create an account, the first administrator too',
  args: {
    username: { type: 'string', required: true, description: 'Name to sign in with' },
    email: { type: 'string', required: true, description: 'Address to sign in and to be written to' },
    password: { type: 'string', description: '- reads it from standard input. Left out, one is made and printed' },
    'name-first': { type: 'string', description: 'First name' },
    'name-last': { type: 'string', description: 'Last name' },
    root: { type: 'boolean', description: 'An administrator who may do everything' },
  },
  async check(given) {
    const [{ z }, fields] = await Promise.all([import('zod'), import('#shared/contracts/person-fields')])
    const password = await readSecret(given.password)
    const asked = await checkFields(
      z.object({
        username: fields.usernameField(),
        email: fields.emailField(),
        password: fields.newPasswordField().optional(),
        name_first: fields.nameField().optional(),
        name_last: fields.nameField().optional(),
      }),
      { ...given, password, name_first: given['name-first'], name_last: given['name-last'] },
    )
    return {
      username: given.username,
      email: asked.email,
      nameFirst: asked.name_first ?? null,
      nameLast: asked.name_last ?? null,
      rootAdmin: given.root ?? false,
      password: asked.password ?? randomBytes(15).toString('base64url'),
      isMade: asked.password === undefined,
    }
  },
  async work({ isMade, ...asked }) {
    const [{ createUser }, { SYSTEM }, { shipEggs }] = await Promise.all([
      import('#server/services/users/create-user'),
      import('#server/auth/actor'),
      import('#server/services/eggs/ship-eggs'),
    ])
    const { user } = await createUser({ actor: SYSTEM, ...asked })
    if (asked.rootAdmin) await shipEggs()
    return { user, password: isMade ? asked.password : null }
  },
  tell: ({ user: { id, uuid, username, email, rootAdmin }, password }) => ({
    id: Number(id),
    uuid,
    username,
    email,
    root_admin: rootAdmin,
    password,
  }),
  say: ({ user, password }) =>
    [
      `${user.rootAdmin ? 'The administrator' : 'The user'} ${user.username} (${user.email}) can sign in.`,
      ...(password ? [`Password: ${password}`] : []),
    ].join('\n'),
})
