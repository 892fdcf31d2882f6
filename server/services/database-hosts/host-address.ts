import type { HostAddress } from '#server/database-engines/host-session'
import { HostTrouble } from '#server/database-engines/trouble'
import type { DatabaseHostRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { logger } from '#server/logger'

export const addressOf = ({ engine, host, port, username, password, tlsMode }: DatabaseHostRow): HostAddress => ({
  engine,
  host,
  port,
  username,
  password,
  tlsMode,
})

/**
 * What whoever uses a host is told: only whether it is worth trying again. What it said is for the log, as it names the
 * host and the panel's account there.
 */
export function toldToUsers(thrown: unknown, { id, name }: Pick<DatabaseHostRow, 'id' | 'name'>): unknown {
  if (!(thrown instanceof HostTrouble)) return thrown
  logger.warn({ databaseHostId: id, name, code: thrown.code, said: thrown.message }, 'a database host failed')
  const code = thrown.kind === 'silent' ? 'database.host_silent' : 'database.host_refused'
  return new AppError(code, { cause: thrown })
}
