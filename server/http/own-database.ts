import type { ServerRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { can, type ServerTie } from '#server/policies/server-policy'
import { serializeDatabase } from '#server/serializers/client/database'
import { findDatabase } from '#server/services/databases/queries'

/** One database of the server as it is now, with its password for who may see it. */
export async function answerOwn(server: ServerRow, tie: ServerTie, { id }: { id: string }) {
  const withPasswords = can(tie, 'database.view_password')
  const view = await findDatabase(server, id, { withPasswords })
  if (!view) throw new AppError('database.not_found')
  return serializeDatabase(view, { showsPassword: true })
}
