import { audit, type AuditEvent } from '#shared/contracts/application/audit'

const PAGE = 50

/**
 * What administrators did, the newest first, as the address narrows it. It grows at its end by key; what happens meanwhile
 * waits until it is asked for, so that nothing moves below the eye.
 */
export function useAudit({ query, actionsOf }: { query: ListQuery; actionsOf: (areas: string[]) => string[] }) {
  const { mayAdminister } = useSession()
  const { zone } = useFormat()
  const dayIn = (name: 'since' | 'until') => query.filter(name).find((day) => /^\d{4}-\d\d-\d\d$/.test(day))
  const filter = computed(() => {
    const text = (name: string) => query.filter(name).join(',') || undefined
    const [since, until] = [dayIn('since'), dayIn('until')]
    return {
      scope: 'administration',
      action: text('action') ?? (actionsOf(query.filter('area')).join(',') || undefined),
      person: text('person'),
      object: text('object'),
      key: text('key'),
      from: since && startOfDay(since, zone.value),
      to: until && startOfDay(dayAfter(until), zone.value),
      '*': query.term.value || undefined,
    }
  })
  const asked = computed(() => JSON.stringify(filter.value))
  const newest = useApi(audit.list, {
    query: () => ({ per_page: PAGE, filter: filter.value }),
    enabled: () => mayAdminister('audit'),
  })

  const items = shallowRef<AuditEvent[]>()
  const end = shallowRef<{ has_more: boolean; before: string | null; searched_to: string | null }>()
  const fresh = shallowRef<AuditEvent[]>([])
  let shownFor = ''

  watch(
    () => [newest.data.value, newest.status.value] as const,
    ([page, status]) => {
      if (!page || status === 'pending') return
      const first = items.value?.[0]?.id
      if (shownFor === asked.value && first !== undefined) {
        fresh.value = page.items.filter(({ id }) => id > first)
        return
      }
      shownFor = asked.value
      items.value = page.items
      end.value = page.meta
      fresh.value = []
    },
    { immediate: true },
  )

  function showFresh(): void {
    // A whole page of them: what lies between is not known here.
    const isGap = fresh.value.length >= PAGE
    items.value = isGap ? fresh.value : [...fresh.value, ...(items.value ?? [])]
    if (isGap) end.value = newest.data.value?.meta
    fresh.value = []
  }

  const more = useSubmit(async (_: undefined) => {
    const before = end.value?.before
    if (!before) return
    const of = shownFor
    const next = await api(audit.list, { query: { per_page: PAGE, before, filter: filter.value } })
    if (of !== shownFor) return
    items.value = [...(items.value ?? []), ...next.items]
    end.value = next.meta
  })

  useEvents().refreshOn('administration', ({ what }) => what === 'audit', newest.refresh)

  return {
    items,
    end,
    fresh: computed(() => fresh.value.length),
    error: newest.error,
    refresh: newest.refresh,
    more,
    showFresh,
    exportUrl: computed(() => urlOf(audit.export, undefined, { filter: filter.value })),
  }
}
