import { defineRoute } from '#server/http/define-route'
import { onManagedDatabase } from '#server/http/on-database'
import { rotatePassword } from '#server/services/databases/rotate-password'
import { serverDatabases } from '#shared/contracts/application/server-databases'

export default defineRoute(serverDatabases.resetPassword, {
  access: onManagedDatabase('write'),
  async handle({ actor, found: { database } }) {
    await rotatePassword({ actor, database })
  },
})
