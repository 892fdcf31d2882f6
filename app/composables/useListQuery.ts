type Value = string | string[]

const SEARCH_MS = 200

interface ListOptions {
  sort?: string
  perPage?: number
}

/**
 * Page, search, sort and filters of a list, kept in the address: a link or a step back shows the same list again. Any
 * change but the page itself begins at the first page.
 */
export function useListQuery({ sort: usualSort = '', perPage: usualSize }: ListOptions = {}) {
  const route = useRoute()
  const router = useRouter()
  const { preferences } = useSession()
  const path = route.path

  const text = (name: string) => String(route.query[name] ?? '')

  function set(changes: Record<string, Value | number | undefined>): void {
    // Left meanwhile: the address belongs to another page.
    if (route.path !== path) return
    const query: Record<string, unknown> = { ...route.query, page: undefined, ...changes }
    for (const [name, value] of Object.entries(query))
      if (value === '' || value === undefined || (Array.isArray(value) && value.length === 0)) delete query[name]
    void router.replace({ query: query as Record<string, string>, hash: route.hash })
  }

  const page = computed({
    get: () => Math.max(1, Number.parseInt(text('page'), 10) || 1),
    set: (value) => set({ page: value === 1 ? undefined : value }),
  })
  const perPage = computed({
    get: () => Number.parseInt(text('per_page'), 10) || usualSize || preferences.value.pageSize || 25,
    set: (value) => set({ per_page: value }),
  })
  const sort = computed({
    get: () => text('sort') || usualSort,
    set: (value) => set({ sort: value === usualSort ? undefined : value }),
  })

  const typed = ref(text('search'))
  let waiting: ReturnType<typeof setTimeout> | undefined
  const search = computed({
    get: () => typed.value,
    set: (value) => {
      typed.value = value
      clearTimeout(waiting)
      waiting = setTimeout(() => set({ search: value.trim() }), SEARCH_MS)
    },
  })
  watch(
    () => text('search'),
    (value) => value !== typed.value.trim() && (typed.value = value),
  )
  onUnmounted(() => clearTimeout(waiting))

  const filter = (name: string): string[] => text(name).split(',').filter(Boolean)
  const setFilter = (name: string, values: string[]) => set({ [name]: values.join(',') })

  function clear(names: readonly string[] = []): void {
    clearTimeout(waiting)
    typed.value = ''
    set({ search: undefined, ...Object.fromEntries(names.map((name) => [name, undefined])) })
  }

  return {
    page,
    perPage,
    sort,
    /** What stands in the field; `term` is what is asked with, a moment later. */
    search,
    term: computed(() => text('search')),
    filter,
    setFilter,
    clear,
  }
}

export type ListQuery = ReturnType<typeof useListQuery>
