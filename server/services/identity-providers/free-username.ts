import { inArray } from 'drizzle-orm'
import type { Executor } from '#server/database/client'
import { users } from '#server/database/schema'

const LONGEST = 60
const TRIES = 200

/** A user name by our rules that nobody has, as near as can be to what somebody is called elsewhere. */
export async function freeUsername(tx: Executor, wished: string): Promise<string> {
  const bare = (wished.split('@', 1)[0] ?? '')
    .normalize('NFKD')
    .replace(/[^\w.-]/g, '')
    .toLowerCase()
    .slice(0, LONGEST)
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
  const stem = bare.length >= 3 ? bare : `user${bare}`
  const candidates = [stem, ...Array.from({ length: TRIES }, (_, round) => `${stem}${round + 2}`)]
  const rows = await tx.select({ name: users.username }).from(users).where(inArray(users.username, candidates))
  const taken = new Set(rows.map(({ name }) => name))
  return candidates.find((name) => !taken.has(name)) ?? `${stem}-${crypto.randomUUID().slice(0, 8)}`
}
