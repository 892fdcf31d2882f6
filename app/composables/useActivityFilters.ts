/**
 * What a log is narrowed to, as the API takes it: the days of the address are days of the reader's zone, and a group of
 * `groups` stands for its events.
 */
export function useActivityFilters(query: ListQuery, groups: Readonly<Record<string, string>> = {}) {
  const { zone } = useFormat()

  const boundOf = (name: 'since' | 'until'): string | undefined => {
    const [day = ''] = query.filter(name)
    if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined
    return startOfDay(name === 'since' ? day : dayAfter(day), zone.value)
  }

  return () => ({
    search: query.term.value || undefined,
    event:
      query
        .filter('event')
        .map((one) => groups[one] ?? one)
        .join(',') || undefined,
    person: query.filter('person').join(',') || undefined,
    since: boundOf('since'),
    until: boundOf('until'),
  })
}
