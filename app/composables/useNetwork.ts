import { network } from '#shared/contracts/client/network'
import type { ServerDetail } from '#shared/contracts/client/servers'

interface Asked {
  server: () => Pick<ServerDetail, 'identifier' | 'uuid'>
  /** Whether this person may see them. */
  enabled: () => boolean
}

/** The addresses of one server, and how much room there is for more. */
export function useNetwork({ server, enabled }: Asked) {
  const params = () => ({ server: server().identifier })
  const { data, status, error, refresh } = useApi(network.list, { params, enabled })
  useEvents().refreshOn(
    'server',
    ({ server: uuid, what }) => enabled() && uuid === server().uuid && ['network', 'status'].includes(what),
    refresh,
  )

  /** True says that it went well. */
  const act = <Input>(action: (input: Input) => Promise<unknown>) =>
    useSubmit(async (input: Input) => {
      try {
        await action(input)
      } finally {
        // What was refused because somebody else was faster is seen then.
        await refresh()
      }
      return true
    })
  const of = (allocation: number) => ({ ...params(), allocation: String(allocation) })

  const room = computed(() => {
    if (!data.value) return undefined
    const { allocation_limit: limit, add_obstacle: obstacle } = data.value.meta
    return { used: data.value.items.length, limit, obstacle }
  })

  return {
    items: computed(() => data.value?.items),
    status,
    error,
    refresh,
    room,
    add: act((_: undefined) => api(network.add, { params: params() })),
    makePrimary: act((allocation: number) => api(network.makePrimary, { params: of(allocation) })),
    release: act((allocation: number) => api(network.release, { params: of(allocation) })),
    setNotes: (allocation: number, notes: string | null) =>
      api(network.setNotes, { params: of(allocation), body: { notes } }),
  }
}
