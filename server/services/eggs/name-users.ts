import { and, eq, inArray, sql, type SQL } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { eggs, servers, type EggRow } from '#server/database/schema'
import { isTakenFrom } from '#server/services/eggs/check-parents'

/** As many as a sentence holds. */
const NAMED = 5

export interface Users {
  count: number
  /** The first of them; those on nodes beyond his roles are only counted. */
  names: string
}

/** The servers that keep something from being deleted. */
export async function nameServers(
  { isRootAdmin, nodeIds }: Pick<Actor, 'isRootAdmin' | 'nodeIds'>,
  uses: SQL,
): Promise<Users> {
  const isSeen = isRootAdmin || nodeIds === null ? undefined : inArray(servers.nodeId, [...nodeIds, ''])
  const rows = await useDrizzle()
    .select({ name: servers.name })
    .from(servers)
    .where(and(uses, isSeen))
    .orderBy(sql`lower(${servers.name})`)
    .limit(NAMED)
  return listed(
    rows.map(({ name }) => name),
    await useDrizzle().$count(servers, uses),
  )
}

/** The eggs that take from this one. */
export async function nameHeirs(egg: Pick<EggRow, 'id'>): Promise<Users> {
  const rows = await useDrizzle().select({ name: eggs.name }).from(eggs).where(isTakenFrom(egg)).orderBy(eggs.name)
  return listed(
    rows.slice(0, NAMED).map(({ name }) => name),
    rows.length,
  )
}

export const usesEgg = (egg: Pick<EggRow, 'id'>): SQL => eq(servers.eggId, egg.id)

function listed(names: string[], count: number): Users {
  const more = count - names.length
  return { count, names: more > 0 ? [...names, `+${more}`].join(', ') : names.join(', ') }
}
