import { timingSafeEqual } from 'node:crypto'
import { eq, or, sql } from 'drizzle-orm'
import { useDrizzle, useShortReads } from '#server/database/client'
import { wingsNodes, type WingsNodeRow } from '#server/database/schema'

/** By the number of the application API. */
export async function findNodeByNumber(number: string): Promise<WingsNodeRow | undefined> {
  if (!/^[1-9][0-9]{0,17}$/.test(number)) return undefined
  const [node] = await useDrizzle().select().from(wingsNodes).where(eq(wingsNodes.id, number)).limit(1)
  return node
}

/** By number, name or uuid, as a person at the command line names it. */
export async function findNodeNamed(reference: string): Promise<WingsNodeRow | undefined> {
  const isMeant = or(
    eq(wingsNodes.id, reference),
    eq(wingsNodes.uuid, reference.toLowerCase()),
    eq(sql`lower(${wingsNodes.name})`, reference.toLowerCase()),
  )
  const found = await useDrizzle().select().from(wingsNodes).where(isMeant)
  return found.find(({ id }) => id === reference) ?? found[0]
}

const prepare = () =>
  useShortReads()
    .select()
    .from(wingsNodes)
    .where(
      or(
        eq(wingsNodes.tokenIdentifier, sql.placeholder('identifier')),
        eq(wingsNodes.previousTokenIdentifier, sql.placeholder('identifier')),
      ),
    )
    .limit(1)
    .prepare('node_by_token_identifier')

let query: ReturnType<typeof prepare> | undefined

/** The node that holds this pair; the pair before counts until the new one was seen, and `isPrevious` says which it was. */
export async function findNodeByToken(
  identifier: string,
  token: string,
): Promise<{ node: WingsNodeRow; isPrevious: boolean } | undefined> {
  const [node] = await (query ??= prepare()).execute({ identifier })
  if (!node) return undefined
  const isPrevious = node.tokenIdentifier !== identifier
  const secret = isPrevious ? node.previousTokenSecret : node.tokenSecret
  return secret !== null && sameSecret(token, secret) ? { node, isPrevious } : undefined
}

function sameSecret(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}
