import { locations, type LocationBody } from '#shared/contracts/application/locations'
import { nodes, type Node } from '#shared/contracts/application/nodes'

/** More than any panel has: they are shown at once. */
const ALL = 500

/** Every location, by its short code. */
export function useLocationChoices() {
  const { mayAdminister } = useSession()
  const { data, refresh } = useApi(locations.list, {
    query: { per_page: ALL, sort: 'short' },
    enabled: mayAdminister('locations'),
  })
  return { items: computed(() => data.value?.items ?? []), isLoaded: computed(() => data.value !== undefined), refresh }
}

/** The locations of the panel as a list, each with the nodes that stand there. */
export function useLocations({ query }: { query: ListQuery }) {
  const { mayAdminister } = useSession()
  const asked = () => ({
    page: query.page.value,
    per_page: query.perPage.value,
    sort: query.sort.value || undefined,
    filter: { '*': query.term.value },
  })
  const { data, status, error, refresh } = useApi(locations.list, {
    query: asked,
    enabled: () => mayAdminister('locations'),
  })
  const placed = useApi(nodes.list, { query: { per_page: ALL, sort: 'name' }, enabled: mayAdminister('nodes') })

  const { refreshOn } = useEvents()
  refreshOn('administration', ({ what }) => what === 'locations', refresh)
  refreshOn('administration', ({ what }) => what === 'nodes', placed.refresh)

  const save = useSaveLocation(refresh)
  const remove = useSubmit(
    async (location: number) => {
      await api(locations.remove, { params: { location: String(location) } })
      await refresh()
      return true
    },
    { success: 'locations.deleted', inForm: true },
  )

  return {
    items: computed(() => data.value?.items ?? []),
    total: computed(() => data.value?.meta.pagination.total ?? 0),
    /** By location; undefined to who may not see nodes. */
    nodesAt: (location: number): Node[] | undefined =>
      placed.data.value?.items.filter((node) => node.location_id === location),
    data,
    status,
    error,
    refresh,
    save,
    remove,
  }
}

/** Makes a location, or changes the one that is named. */
export function useSaveLocation(refresh: () => Promise<unknown>) {
  return useSubmit(
    async ({ location, body }: { location?: number; body: LocationBody }) => {
      const saved = await (location === undefined
        ? api(locations.create, { body })
        : api(locations.update, { params: { location: String(location) }, body }))
      await refresh()
      return saved
    },
    { inForm: true },
  )
}
