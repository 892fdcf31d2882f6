import { and, eq, ilike, inArray, or, sql, type SQL } from 'drizzle-orm'
import { serverAllocations, servers } from '#server/database/schema'

const literal = (text: string) => text.replace(/[\\%_]/g, (character) => `\\${character}`)

/** "Contains", in any case; a comma separates alternatives. */
export function containsAny(column: Parameters<typeof ilike>[0], text: string): SQL {
  return (
    or(
      ...text
        .split(',')
        .filter(Boolean)
        .map((part) => ilike(column, `%${literal(part)}%`)),
    ) ?? sql`true`
  )
}

/** `filter[*]`: an address with or without the beginning of a port, the beginning of a port, or a name or id. */
export function matchesAnything(text: string): SQL {
  const [, ip, port] = /^(\d{1,3}(?:\.\d{1,3}){3})(?::(\d{1,5}))?$/.exec(text) ?? []
  if (ip) return hasAllocation(and(eq(serverAllocations.ip, ip), port ? startsWith(port) : undefined))
  const [, onlyPort] = /^:(\d{1,5})$/.exec(text) ?? []
  if (onlyPort) return hasAllocation(startsWith(onlyPort))

  return or(
    eq(servers.uuid, text),
    ilike(servers.uuid, `${literal(text)}%`),
    eq(servers.identifier, text),
    eq(servers.externalId, text),
    ilike(servers.name, `%${literal(text)}%`),
  ) as SQL
}

const startsWith = (digits: string) => sql`${serverAllocations.port}::text like ${`${digits}%`}`

function hasAllocation(condition: SQL | undefined): SQL {
  return inArray(
    servers.id,
    sql`(select ${serverAllocations.serverId} from ${serverAllocations} where ${serverAllocations.serverId} is not null and ${condition ?? sql`true`})`,
  )
}

/**
 * The administration's search by address: `play.example.com`, `198.51.100.24:255`, `[2001:db8::1]:25565`. Names count by any
 * part of them, addresses and ports by their beginnings.
 */
export function hasAddress(text: string): SQL {
  const [, bracketed, ofBracketed] = /^\[([0-9a-f:.]+)\](?::(\d{1,5}))?$/i.exec(text) ?? []
  const [, named, ofNamed] = /^([^:]*):(\d{1,5})$/.exec(text) ?? []
  const host = bracketed ?? named ?? text
  const port = ofBracketed ?? ofNamed
  return hasAllocation(
    and(
      or(ilike(serverAllocations.ip, `${literal(host)}%`), containsWhole(serverAllocations.ipAlias, host)),
      port ? startsWith(port) : undefined,
    ),
  )
}

const containsWhole = (column: Parameters<typeof ilike>[0], text: string) => ilike(column, `%${literal(text)}%`)
