import type { ServerOfList } from '#shared/contracts/client/servers'

/** Where people connect to: the alias of the primary allocation, else its address. Undefined when it has none. */
export function addressOf({ relationships }: Pick<ServerOfList, 'relationships'>): string | undefined {
  const primary =
    relationships.allocations.find(({ is_default: isDefault }) => isDefault) ?? relationships.allocations[0]
  if (!primary) return undefined
  const host = primary.ip_alias ?? primary.ip
  return `${host.includes(':') ? `[${host}]` : host}:${primary.port}`
}
