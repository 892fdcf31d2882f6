import type { HostSession } from '#server/database-engines/host-session'
import { AppError } from '#server/errors'

/**
 * From here to the end of the session nobody else changes this database on its host, in whichever process: what the panel
 * has committed and what the host does then go together.
 *
 * @throws {AppError} `database.busy`
 */
export async function holdDatabase(session: HostSession, database: string): Promise<void> {
  if (!(await session.hold(database))) throw new AppError('database.busy')
}
