import { and, eq, sql } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { users, type UserRow } from '#server/database/schema'

/** By the number that the API knows; a text that is none finds nobody. */
export async function findUserByNumber(number: string): Promise<UserRow | undefined> {
  const [found] = await useDrizzle().select().from(users).where(eq(users.id, number))
  return found
}

export async function findUserByExternalId(externalId: string): Promise<UserRow | undefined> {
  const [found] = await useDrizzle().select().from(users).where(eq(users.externalId, externalId))
  return found
}

/** Root administrators who can sign in: without one of them nobody could let anybody in again. */
export const countsAsRoot = and(eq(users.rootAdmin, true), sql`not ${users.suspended}`)
