import { databaseHosts } from '#shared/contracts/application/database-hosts'
import type { DatabaseHostForm } from '~/utils/database-host-form'

/** The servers that databases of servers are made on. */
export function useDatabaseHosts({ query }: { query: ListQuery }) {
  const { mayAdminister } = useSession()
  const { data, status, error, refresh } = useApi(databaseHosts.list, {
    query: () => ({
      page: query.page.value,
      per_page: query.perPage.value,
      sort: query.sort.value || undefined,
      filter: { '*': query.term.value },
    }),
    enabled: () => mayAdminister('database_hosts'),
  })
  const { refreshOn } = useEvents()
  refreshOn('administration', ({ what }) => what === 'database_hosts', refresh)

  const save = useSubmit(
    async ({ host, body }: { host?: number; body: DatabaseHostForm }) => {
      const { engine, ...changed } = body
      const saved = await (host === undefined
        ? api(databaseHosts.create, { body: { ...changed, engine } })
        : api(databaseHosts.update, { params: { databaseHost: String(host) }, body: changed }))
      await refresh()
      return saved
    },
    { inForm: true },
  )
  const remove = useSubmit(
    async (host: number) => {
      await api(databaseHosts.remove, { params: { databaseHost: String(host) } })
      await refresh()
      return true
    },
    { success: 'databaseHosts.deleted', inForm: true },
  )
  const test = useSubmit(
    async (host: number) => {
      const check = await api(databaseHosts.test, { params: { databaseHost: String(host) } })
      await refresh()
      return check
    },
    { inForm: true },
  )

  return {
    items: computed(() => data.value?.items ?? []),
    total: computed(() => data.value?.meta.pagination.total ?? 0),
    data,
    status,
    error,
    refresh,
    save,
    remove,
    test,
  }
}
