import { defineRoute } from '#server/http/define-route'
import { onDatabase } from '#server/http/on-database'
import { answerOwn } from '#server/http/own-database'
import { rotatePassword } from '#server/services/databases/rotate-password'
import { databases } from '#shared/contracts/client/databases'

export default defineRoute(databases.rotatePassword, {
  access: onDatabase('database.update'),
  async handle({ actor, server, tie, found: { database } }) {
    await rotatePassword({ actor, database })
    return answerOwn(server, tie, database)
  },
})
