import { nodes } from '#shared/contracts/application/nodes'

/** How many nodes give no answer, for the sidebar of the administration; asked again by hints. */
export function useSilentNodes(): Readonly<Ref<number>> {
  const { mayAdminister } = useSession()
  const { data, refresh } = useApi(nodes.list, {
    query: { per_page: 1, filter: { state: 'no_contact' } },
    enabled: mayAdminister('nodes'),
  })

  const { refreshOn } = useEvents()
  refreshOn('node', () => true, refresh)
  refreshOn('administration', ({ what }) => what === 'nodes', refresh)
  return computed(() => data.value?.meta.pagination.total ?? 0)
}
