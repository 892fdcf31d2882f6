import { isIP } from 'node:net'
import { eq, sql } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { serverAllocations, type WingsNodeRow } from '#server/database/schema'
import { wings } from '#server/wings/client'

/** More than that nobody chooses from. */
const MOST = 100

/** Nobody waits longer for what only saves typing. */
const WAIT_MS = 1_500

/** Addresses that ports are likely to be added to: those that have some, then those that the machine says it has. */
export async function suggestAddresses(node: WingsNodeRow): Promise<string[]> {
  const [known, own] = await Promise.all([
    useDrizzle()
      .select({ ip: serverAllocations.ip })
      .from(serverAllocations)
      .where(eq(serverAllocations.nodeId, node.id))
      .groupBy(serverAllocations.ip)
      .orderBy(sql`count(*) desc`, serverAllocations.ip)
      .limit(MOST),
    readOwn(node),
  ])
  const reached = [...own, node.fqdn.replace(/^\[(.*)\]$/, '$1')].filter(isWayIn).map((ip) => ip.toLowerCase())
  return [...new Set([...known.map(({ ip }) => ip), ...reached])].slice(0, MOST)
}

/** An address that only the machine itself has, or its network card, leads nobody in. */
const isWayIn = (ip: string): boolean => isIP(ip) > 0 && !/^(?:127\.|::1$|fe80:)/i.test(ip)

/** Pterodactyl's daemon does not say. */
async function readOwn(node: WingsNodeRow): Promise<string[]> {
  if (node.flavour !== 'pelican') return []
  const said = await wings(node)
    .system.addresses({ timeoutMs: WAIT_MS })
    .catch(() => null)
  return said ?? []
}
