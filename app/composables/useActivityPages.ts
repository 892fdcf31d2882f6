import type { Endpoint, Params } from '#shared/contracts/endpoint'
import type { ActivityLog } from '#shared/contracts/client/activity'

interface ActivityPage {
  items: ActivityLog[]
  meta: { pagination: { total: number } }
}

interface Options<E extends Endpoint> {
  params?: MaybeRefOrGetter<Params<E>>
  /** As the list of the API knows them; what is empty is left out. */
  filters: () => Record<string, string | undefined>
  /** While it answers false nothing is asked. */
  enabled?: () => boolean
  include?: string
}

const PER_PAGE = 50

/**
 * A log, the newest first, that grows at its end as far as somebody reads. What happens meanwhile waits until it is asked
 * for, so that nothing moves below the eye: `refresh` looks for it, `showFresh` puts it on top.
 */
export function useActivityPages<E extends Endpoint>(
  endpoint: E,
  { params, filters, enabled, include = 'origin' }: Options<E>,
) {
  const query = (page: number) => ({
    page,
    per_page: PER_PAGE,
    sort: '-timestamp',
    include,
    filter: Object.fromEntries(Object.entries(filters()).filter(([, value]) => value)),
  })
  const asked = computed(() => JSON.stringify([toValue(params), filters()]))
  const newest = useApi(endpoint, { params, query: () => query(1), enabled } as never) as unknown as {
    data: Ref<ActivityPage | undefined>
    status: Ref<string>
    error: Ref<unknown>
    refresh: () => Promise<void>
  }

  const shown = shallowRef<{ of: string; items: ActivityLog[] }>()
  const fresh = shallowRef<ActivityLog[]>([])
  const total = computed(() => newest.data.value?.meta.pagination.total ?? 0)

  watch(
    () => [newest.data.value, newest.status.value] as const,
    ([page, status]) => {
      if (!page || status === 'pending') return
      if (shown.value?.of !== asked.value) {
        shown.value = { of: asked.value, items: page.items }
        fresh.value = []
        return
      }
      fresh.value = without(page.items, shown.value.items)
    },
    { immediate: true },
  )

  function showFresh(): void {
    if (!shown.value) return
    // More than a page of them: what lies between is not known here.
    const kept = fresh.value.length < PER_PAGE ? shown.value.items : []
    shown.value = { ...shown.value, items: [...fresh.value, ...kept] }
    fresh.value = []
  }

  const more = useSubmit(async (_: undefined) => {
    const before = shown.value
    if (!before) return
    const known = [...fresh.value, ...before.items]
    const page = Math.floor(known.length / PER_PAGE) + 1
    const next = (await (api as (...given: unknown[]) => Promise<unknown>)(endpoint, {
      params: toValue(params),
      query: query(page),
    })) as ActivityPage
    if (shown.value?.of === before.of)
      shown.value = { ...shown.value, items: [...shown.value.items, ...without(next.items, known)] }
  })

  return {
    items: computed(() => shown.value?.items),
    error: newest.error,
    isLoading: computed(() => newest.status.value === 'pending' && shown.value?.of !== asked.value),
    refresh: newest.refresh,
    fresh: computed(() => fresh.value.length),
    showFresh,
    total,
    hasMore: computed(() => (shown.value?.items.length ?? 0) + fresh.value.length < total.value),
    more: more.submit,
    isFetchingMore: more.pending,
  }
}

const without = (items: readonly ActivityLog[], known: readonly ActivityLog[]) => {
  const ids = new Set(known.map(({ id }) => id))
  return items.filter(({ id }) => !ids.has(id))
}
