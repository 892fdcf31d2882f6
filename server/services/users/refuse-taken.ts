import { eq, or } from 'drizzle-orm'
import { isUniqueViolation } from '#server/database/errors'
import type { Executor } from '#server/database/client'
import { users } from '#server/database/schema'
import { AppError, type FieldFailure } from '#server/errors'

interface Wanted {
  username?: string
  email?: string
  externalId?: string | null
}

const taken = (field: string): FieldFailure => ({
  field,
  rule: 'unique',
  detail: `The ${field.replaceAll('_', ' ')} has already been taken.`,
})

/** Says of every field whose value belongs to somebody else already. @throws {AppError} `request.invalid` */
export async function refuseTaken(
  tx: Executor,
  { username, email, externalId }: Wanted,
  except?: string,
): Promise<void> {
  const found = await tx
    .select({ id: users.id, username: users.username, email: users.email, externalId: users.externalId })
    .from(users)
    .where(
      or(
        username === undefined ? undefined : eq(users.username, username),
        email === undefined ? undefined : eq(users.email, email),
        externalId ? eq(users.externalId, externalId) : undefined,
      ) ?? eq(users.id, ''),
    )
  const others = found.filter(({ id }) => id !== except)

  const fields = [
    ...(others.some((other) => other.email === email) ? [taken('email')] : []),
    ...(others.some((other) => other.username === username) ? [taken('username')] : []),
    ...(externalId && others.some((other) => other.externalId === externalId) ? [taken('external_id')] : []),
  ]
  if (fields.length > 0) throw new AppError('request.invalid', { fields })
}

const FIELDS = {
  users_username_unique: 'username',
  users_email_unique: 'email',
  users_external_id_unique: 'external_id',
}

/** The same, where two asked for one value in the same moment and the index found out. */
export function refuseTakenMeanwhile(error: unknown): never {
  for (const [constraint, field] of Object.entries(FIELDS)) {
    if (isUniqueViolation(error, constraint))
      throw new AppError('request.invalid', { fields: [taken(field)], cause: error })
  }
  throw error
}
