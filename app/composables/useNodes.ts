import { nodes, type Node } from '#shared/contracts/application/nodes'
import type { Given } from '#shared/contracts/endpoint'

type NodeGiven = Given<typeof nodes.create, 'body'>

export const NODE_FILTERS = ['state', 'location'] as const

/** The nodes that this administrator reaches, as a list. */
export function useNodes({ query }: { query: ListQuery }) {
  const { mayAdminister } = useSession()
  const asked = () => ({
    page: query.page.value,
    per_page: query.perPage.value,
    include: ['location'],
    sort: query.sort.value || undefined,
    filter: {
      '*': query.term.value,
      ...Object.fromEntries(NODE_FILTERS.map((name) => [name, query.filter(name).join(',')])),
    },
  })
  const { data, status, error, refresh } = useApi(nodes.list, {
    query: asked,
    enabled: () => mayAdminister('nodes'),
  })
  const items = computed<Node[]>(() => data.value?.items ?? [])

  const { refreshOn } = useEvents()
  refreshOn('administration', ({ what }) => what === 'nodes', refresh)
  refreshOn('node', ({ node }) => !data.value || items.value.some(({ id }) => String(id) === node), refresh)

  return { items, total: computed(() => data.value?.meta.pagination.total ?? 0), data, status, error, refresh }
}

export function useCreateNode() {
  return useSubmit((body: NodeGiven) => api(nodes.create, { body }), { success: 'nodes.created', inForm: true })
}

/** The short code of where a node stands; unknown to who may not see locations. */
export function nodeLocationOf({ relationships }: Node): string | undefined {
  const location = relationships?.location as { short?: string } | null | undefined
  return location?.short
}
