import { users, type SaveUserBody } from '#shared/contracts/application/users'

interface ListOptions {
  query: ListQuery
}

const NARROWED_BY = ['role', 'two_factor', 'suspended'] as const

/** Everybody who has an account, as the administration lists them. */
export function useUsers({ query }: ListOptions) {
  const asked = () => ({
    page: query.page.value,
    per_page: query.perPage.value,
    include: ['standing'],
    sort: query.sort.value || undefined,
    filter: {
      '*': query.term.value,
      ...Object.fromEntries(NARROWED_BY.map((name) => [name, query.filter(name).join(',')])),
    },
  })
  const { data, status, error, refresh } = useApi(users.list, { query: asked })
  useEvents().on('administration', ({ what }) => what === 'users' && void refresh())

  return { data, status, error, refresh, ...useUserActions(refresh) }
}

/** One of them. */
export function useUser(number: MaybeRefOrGetter<string>) {
  const params = () => ({ user: toValue(number) })
  const { data, status, error, refresh } = useApi(users.get, { params, query: { include: ['standing'] } })

  const update = useSubmit(
    async (body: SaveUserBody) => {
      await api(users.update, { params: params(), body })
      await refresh()
      return true
    },
    { success: 'users.saved', inForm: true },
  )

  return { data, status, error, refresh, update, ...useUserActions(refresh) }
}

export function useCreateUser() {
  return useSubmit((body: SaveUserBody) => api(users.create, { body }), { success: 'users.created', inForm: true })
}

/** What is done to somebody else's account, from a list or from its own page. */
function useUserActions(refresh: () => Promise<unknown>) {
  const suspend = useSubmit(
    async ({ user, reason }: { user: number; reason: string | null }) => {
      await api(users.suspend, { params: { user: String(user) }, body: { reason } })
      await refresh()
      return true
    },
    { success: 'users.suspended', inForm: true },
  )

  const unsuspend = useSubmit(
    async (user: number) => {
      await api(users.unsuspend, { params: { user: String(user) } })
      await refresh()
    },
    { success: 'users.unsuspended' },
  )

  /** Answers the link where no mail could carry it. */
  const sendLink = useSubmit(async (user: number) => await api(users.sendLink, { params: { user: String(user) } }))

  const remove = useSubmit(
    async ({ user, withServers }: { user: number; withServers: boolean }) => {
      await api(users.remove, { params: { user: String(user) }, query: { with_servers: withServers || undefined } })
      return true
    },
    { success: 'users.deleted', inForm: true },
  )

  return { suspend, unsuspend, sendLink, remove }
}
