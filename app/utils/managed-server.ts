import type { ManagedServer } from '#shared/contracts/application/servers'

interface Port {
  ip: string
  alias?: string | null
  port: number
}

/** `play.example.com:25565`: the alias where there is one. */
export function printedAddress({ ip, alias, port }: Port): string {
  const host = alias ?? ip
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** Where players connect to. Undefined: it has no port, or they may not be seen. */
export function primaryAddressOf({ allocation, relationships }: ManagedServer): string | undefined {
  const primary = relationships?.allocations?.find(({ id }) => id === allocation)
  return primary && printedAddress(primary)
}

/** The state that the administration shows, from what it knows and what the node says. */
export function managedStateOf(server: ManagedServer, power: PowerState | null | undefined): ServerState {
  const node = server.relationships?.node as { maintenance_mode?: boolean } | null | undefined
  return serverStateOf(
    {
      status: server.status,
      is_suspended: server.suspended,
      is_transferring: server.is_transferring,
      is_node_under_maintenance: node?.maintenance_mode,
    },
    power,
  )
}
