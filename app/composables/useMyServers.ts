import { useDocumentVisibility } from '@vueuse/core'
import { resources, type Stats } from '#shared/contracts/client/resources'
import { serverConsole, type PowerSignal } from '#shared/contracts/client/console'
import { servers, type ServerOfList } from '#shared/contracts/client/servers'

export type ServerGroup = 'mine' | 'shared' | 'all'

/** How often the values of a shown page are asked for, ms. */
const POLL_MS = 5000

interface ListServers {
  group: () => ServerGroup
  term: () => string
  page: () => number
  size: () => number
}

const TYPES = { mine: 'owner', shared: 'shared', all: 'admin-all' } as const

/** A page of this person's servers with their live values: one question for the list, one for all values of it. */
export function useMyServers({ group, term, page, size }: ListServers) {
  const query = computed(() => ({
    page: page(),
    per_page: size(),
    include: 'egg',
    type: TYPES[group()],
    ...(term() && { filter: { '*': term() } }),
  }))
  const { data, status, error, refresh } = useApi(servers.list, { query })
  const items = computed<ServerOfList[]>(() => data.value?.items ?? [])
  const total = computed(() => data.value?.meta.pagination.total ?? 0)

  const { live, poll } = useLiveValues(() => items.value.map(({ identifier }) => identifier))
  const { refreshOn } = useEvents()
  // A list on its way may be older than the hint, whichever server that is about.
  const isShown = (server: string) => !data.value || items.value.some(({ uuid }) => uuid === server)
  refreshOn('server', ({ server, what }) => ['details', 'status'].includes(what) && isShown(server), refresh)
  refreshOn('server', ({ server, what }) => what === 'power' && isShown(server), poll)
  refreshOn('access', () => true, refresh)

  const power = useSubmit(async ({ server, signal }: { server: string; signal: PowerSignal }) => {
    await api(serverConsole.power, { params: { server }, body: { signal } })
    await poll()
  })

  return { items, total, status, error, refresh, live, power }
}

/** Undefined: not asked yet. Null: the node does not say. */
export type LiveValue = Stats | null | undefined

/** Values of the servers that are shown, asked again while the page is in sight. */
export function useLiveValues(identifiers: () => string[]) {
  const live = shallowRef<Record<string, LiveValue>>({})
  const visibility = useDocumentVisibility()
  let timer: ReturnType<typeof setTimeout> | undefined
  let isDone = false

  async function poll(): Promise<void> {
    clearTimeout(timer)
    const asked = identifiers()
    if (asked.length > 0 && visibility.value === 'visible') {
      try {
        const { servers: values } = await api(resources.list, { query: { servers: asked.join(',') } })
        live.value = values as Record<string, LiveValue>
      } catch (error) {
        // Old values would pretend that nothing is wrong. Where the panel is silent nothing is known of the nodes.
        const unknown = isAway(error) ? undefined : null
        live.value = Object.fromEntries(asked.map((identifier) => [identifier, unknown]))
      }
    }
    if (!isDone) timer = setTimeout(poll, POLL_MS)
  }

  watch([() => identifiers().join(','), visibility], () => void poll(), { immediate: true })
  onScopeDispose(() => {
    isDone = true
    clearTimeout(timer)
  })
  return { live, poll }
}
