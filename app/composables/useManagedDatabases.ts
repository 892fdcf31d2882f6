import { databaseHosts } from '#shared/contracts/application/database-hosts'
import {
  serverDatabases,
  type CreateManagedDatabaseBody,
  type ManagedDatabase,
} from '#shared/contracts/application/server-databases'

/** The databases of one server, for its administrator. */
export function useManagedDatabases(server: () => { id: number; uuid: string }) {
  const { mayAdminister } = useSession()
  const params = () => ({ server: String(server().id) })
  const { data, error, status, refresh } = useApi(serverDatabases.list, {
    params,
    query: { include: mayAdminister('database_hosts') ? ['host'] : [] },
    enabled: () => mayAdminister('server_databases'),
  })
  useEvents().refreshOn('server', ({ server: uuid, what }) => uuid === server().uuid && what === 'databases', refresh)

  /** Where a new one can be made; whoever may not see hosts cannot name one. */
  const { data: hosts } = useApi(databaseHosts.list, {
    query: { per_page: 100 },
    enabled: () => mayAdminister('server_databases', 'write') && mayAdminister('database_hosts'),
  })

  /** What changes the list shows it as it is then. */
  const act = <Input, Result>(
    action: (input: Input) => Promise<Result>,
    options: Parameters<typeof useSubmit>[1] = {},
  ) =>
    useSubmit(async (input: Input) => {
      try {
        return await action(input)
      } finally {
        await refresh()
      }
    }, options)
  const of = (database: number) => ({ ...params(), database: String(database) })

  const fetchPassword = useSubmit(async (database: number) => {
    const { relationships } = await api(serverDatabases.get, { params: of(database), query: { include: ['password'] } })
    return relationships?.password?.password
  })

  return {
    items: computed<ManagedDatabase[] | undefined>(() => data.value),
    hosts: computed(() => hosts.value?.items),
    error,
    status,
    refresh,
    fetchPassword,
    create: act((body: CreateManagedDatabaseBody) => api(serverDatabases.create, { params: params(), body }), {
      inForm: true,
    }),
    rotate: act((database: number) => api(serverDatabases.resetPassword, { params: of(database) }).then(() => true), {
      success: 'databases.rotate.done',
    }),
    remove: act((database: number) => api(serverDatabases.remove, { params: of(database) }).then(() => true), {
      success: 'databases.delete.done',
      inForm: true,
    }),
  }
}
