import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { can } from '#server/policies/server-policy'
import { serializeDatabase } from '#server/serializers/client/database'
import { listOf } from '#server/serializers/envelope'
import { listDatabases } from '#server/services/databases/queries'
import { getSettings } from '#server/services/settings/current-settings'
import { databases } from '#shared/contracts/client/databases'

export default defineRoute(databases.list, {
  access: onServer('database.read'),
  async handle({ server, tie, query }) {
    const showsPassword = query.include.includes('password')
    const rows = await listDatabases(server, { withPasswords: showsPassword && can(tie, 'database.view_password') })
    return {
      ...listOf(rows.map((row) => serializeDatabase(row, { showsPassword }))),
      meta: {
        database_count: rows.length,
        database_limit: server.databaseLimit,
        can_create: (await getSettings()).databases.isOn,
      },
    }
  },
})
