import { onManagedServer } from '#server/http/access'
import { answerDatabase } from '#server/http/databases'
import { defineRoute } from '#server/http/define-route'
import { AppError } from '#server/errors'
import { resourceAt } from '#server/serializers/envelope'
import { createManagedDatabase } from '#server/services/databases/create-managed-database'
import { findDatabase } from '#server/services/databases/queries'
import { serverDatabases } from '#shared/contracts/application/server-databases'

export default defineRoute(serverDatabases.create, {
  access: onManagedServer('server_databases', 'write'),
  async handle({ actor, server, query: { include }, body, url }) {
    const { id } = await createManagedDatabase({ actor, server, asked: body })
    const found = await findDatabase(server, id, { withPasswords: true })
    if (!found) throw new AppError('database.not_found')
    const answer = await answerDatabase(actor, include, found)
    return { ...answer, meta: { ...answer.meta, ...resourceAt(url, id) } }
  },
})
