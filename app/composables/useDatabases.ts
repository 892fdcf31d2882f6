import { databases, type CreateDatabaseBody } from '#shared/contracts/client/databases'
import type { ServerDetail } from '#shared/contracts/client/servers'

interface Asked {
  server: () => Pick<ServerDetail, 'identifier' | 'uuid'>
  /** Whether this person may see them, and make one. */
  can: (permission: 'database.read' | 'database.create') => boolean
}

/** The databases of one server, where a new one may go, and what can be done with them. */
export function useDatabases({ server, can }: Asked) {
  const params = () => ({ server: server().identifier })
  const { data, error, status, refresh } = useApi(databases.list, { params, enabled: () => can('database.read') })
  const { data: hosts, refresh: refreshHosts } = useApi(databases.hosts, {
    params,
    enabled: () => can('database.create'),
  })

  const { refreshOn } = useEvents()
  refreshOn(
    'server',
    ({ server: uuid, what }) => uuid === server().uuid && ['databases', 'status'].includes(what),
    () => Promise.all([refresh(), refreshHosts()]),
  )

  const room = computed(() => {
    if (!data.value) return undefined
    const { database_count: used, database_limit: limit, can_create: isOn } = data.value.meta
    return { used, limit, isOn, isFull: limit !== null && used >= limit }
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
  const of = (database: string) => ({ ...params(), database })

  return {
    data,
    error,
    status,
    refresh: () => Promise.all([refresh(), refreshHosts()]),
    /** Where a new one may go; undefined where that is not known. */
    hosts,
    /** How much of the limit is used; `isOn` is false where the panel makes no databases. */
    room,
    create: act((body: CreateDatabaseBody) => api(databases.create, { params: params(), body }), { inForm: true }),
    rotate: act((database: string) => api(databases.rotatePassword, { params: of(database) }), {
      success: 'databases.rotate.done',
    }),
    remove: act((database: string) => api(databases.remove, { params: of(database) }).then(() => true), {
      inForm: true,
      success: 'databases.delete.done',
    }),
    /** The API tells the passwords of a server together. */
    fetchPassword: useSubmit(async (database: string) => {
      const { items } = await api(databases.list, { params: params(), query: { include: ['password'] } })
      return items.find(({ id }) => id === database)?.relationships?.password?.password
    }),
  }
}
