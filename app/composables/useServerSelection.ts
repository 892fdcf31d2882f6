import type { ManagedServer } from '#shared/contracts/application/servers'

/** Which servers of a list are chosen, over all of its pages. What is no longer there drops out when it is acted upon. */
export function useServerSelection() {
  const chosen = shallowRef<ReadonlyMap<number, ManagedServer>>(new Map())

  function set(servers: readonly ManagedServer[], isSelected: boolean): void {
    const next = new Map(chosen.value)
    for (const server of servers) {
      if (isSelected) next.set(server.id, server)
      else next.delete(server.id)
    }
    chosen.value = next
  }

  return {
    ids: computed<ReadonlySet<number>>(() => new Set(chosen.value.keys())),
    servers: computed(() => [...chosen.value.values()]),
    set,
    clear: () => void (chosen.value = new Map()),
  }
}
