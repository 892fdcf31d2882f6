import { randomBytes } from 'node:crypto'
import { defineCommand } from 'citty'
import { migrateDatabase } from '#server/database/migrate'
import { OperatorError } from '#server/env/operator-error'
import { MIGRATIONS, withPanel } from '../launch.ts'

export default defineCommand({
  meta: { name: 'create-user', description: 'Create an account, the first administrator too' },
  args: {
    username: { type: 'string', required: true, description: 'Name to sign in with' },
    email: { type: 'string', required: true, description: 'Address to sign in and to be written to' },
    password: { type: 'string', description: 'Left out, one is made and printed' },
    'name-first': { type: 'string', description: 'First name' },
    'name-last': { type: 'string', description: 'Last name' },
    root: { type: 'boolean', description: 'An administrator who may do everything' },
    json: { type: 'boolean', description: 'Print the account as JSON' },
  },
  async run({ args }) {
    const person = await checkPerson(args)
    const password = args.password || randomBytes(15).toString('base64url')

    const user = await withPanel(async ({ database, secret }) => {
      await migrateDatabase({ url: database.url, folder: MIGRATIONS, secret })
      const [{ createUser }, { SYSTEM }, { shipEggs }] = await Promise.all([
        import('#server/services/users/create-user'),
        import('#server/auth/actor'),
        import('#server/services/eggs/ship-eggs'),
      ])
      const created = await createUser({
        actor: SYSTEM,
        ...person,
        rootAdmin: args.root ?? false,
        password,
      })
      if (args.root) {
        await shipEggs()
      }

      return created.user
    })

    const isMade = !args.password
    if (args.json) {
      const { id, uuid, username, email, rootAdmin } = user
      console.log(
        JSON.stringify({
          id: Number(id),
          uuid,
          username,
          email,
          root_admin: rootAdmin,
          password: isMade ? password : null,
        }),
      )
      return
    }

    console.log(`${user.rootAdmin ? 'The administrator' : 'The user'} ${user.username} (${user.email}) can sign in.`)
    if (isMade) {
      console.log(`Password: ${password}`)
    }
  },
})

interface Given {
  username: string
  email: string
  password?: string
  'name-first'?: string
  'name-last'?: string
}

/** The rules of the form in the administration. */
async function checkPerson(given: Given) {
  const [{ z }, { ruleFailureOf }, fields] = await Promise.all([
    import('zod'),
    import('#shared/rules'),
    import('#shared/contracts/person-fields'),
  ])
  const parsed = z
    .object({
      username: fields.usernameField(),
      email: fields.emailField(),
      password: fields.newPasswordField().optional(),
      'name-first': fields.nameField().optional(),
      'name-last': fields.nameField().optional(),
    })
    .safeParse(given)
  if (!parsed.success) {
    throw new OperatorError(parsed.error.issues.map((issue) => ruleFailureOf(issue).detail).join('\n'))
  }

  return {
    username: given.username,
    email: given.email,
    nameFirst: given['name-first'] ?? null,
    nameLast: given['name-last'] ?? null,
  }
}
