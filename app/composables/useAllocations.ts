import { allocations, type Allocation } from '#shared/contracts/application/allocations'
import type { Given } from '#shared/contracts/endpoint'

type Asked = Given<typeof allocations.create, 'body'>

/** As many as one request takes away. */
const MOST = 5000

/** The ports of a node, as a list. */
export function useAllocations({ node, query }: { node: () => string; query: ListQuery }) {
  const { mayAdminister } = useSession()
  const params = () => ({ node: node() })
  const narrowed = () => ({
    '*': query.term.value,
    assigned: query.filter('assigned').length === 1 ? query.filter('assigned')[0] : '',
  })
  const asked = () => ({
    page: query.page.value,
    per_page: query.perPage.value,
    include: ['server'],
    filter: narrowed(),
  })
  const { data, status, error, refresh } = useApi(allocations.list, {
    params,
    query: asked,
    enabled: () => mayAdminister('allocations'),
  })
  useEvents().refreshOn('node', ({ node: told }) => told === node(), refresh)

  const create = useSubmit(
    async (body: Asked) => {
      await api(allocations.create, { params: params(), body })
      await refresh()
      return true
    },
    { inForm: true },
  )

  const rename = useSubmit(async ({ allocation, alias }: { allocation: number; alias: string | null }) => {
    await api(allocations.update, { params: { ...params(), allocation: String(allocation) }, body: { alias } })
    await refresh()
    return true
  })

  const removeMany = useSubmit(async (ids: readonly number[]) => {
    await api(allocations.removeMany, { params: params(), body: { allocations: [...ids] } })
    await refresh()
    return true
  })

  const aliasMany = useSubmit(
    async ({ ids, alias }: { ids: readonly number[]; alias: string | null }) => {
      await api(allocations.aliasMany, { params: params(), body: { allocations: [...ids], alias } })
      await refresh()
      return true
    },
    { success: 'allocations.aliases.saved', inForm: true },
  )

  /** Every port that the search lets through, not only those of this page. */
  const listAll = useSubmit(
    async (_: undefined) =>
      (await api(allocations.list, { params: params(), query: { per_page: MOST, filter: narrowed() } })).items,
  )

  return {
    items: computed<Allocation[]>(() => data.value?.items ?? []),
    total: computed(() => data.value?.meta.pagination.total ?? 0),
    data,
    status,
    error,
    refresh,
    create,
    rename,
    removeMany,
    aliasMany,
    listAll,
  }
}

/** Addresses that a node is known to have, asked for once the form opens. */
export function useAddressSuggestions(node: () => string, isOpen: () => boolean) {
  const { data } = useApi(allocations.addresses, { params: () => ({ node: node() }), enabled: isOpen })
  return computed(() => data.value?.addresses ?? [])
}

/** What adding them would do, told while it is typed: `36 new, 2 exist`. */
export function useAllocationsPreview(node: () => string, asked: () => Asked | undefined) {
  return usePreview(asked, (body) => api(allocations.preview, { params: { node: node() }, body }))
}
