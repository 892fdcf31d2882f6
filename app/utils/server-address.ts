import type { ServerOfList } from '#shared/contracts/client/servers'

interface Place {
  ip: string
  ip_alias: string | null
  port: number
}

/** Where people connect to: the alias, else the address itself. */
export function placeOf({ ip, ip_alias: alias, port }: Place): string {
  const host = alias ?? ip
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** That of the primary allocation. Undefined when a server has none. */
export function addressOf({ relationships }: Pick<ServerOfList, 'relationships'>): string | undefined {
  const primary =
    relationships.allocations.find(({ is_default: isDefault }) => isDefault) ?? relationships.allocations[0]
  return primary && placeOf(primary)
}
