import type { InjectionKey } from 'vue'
import { users, type SaveUserBody, type User } from '#shared/contracts/application/users'

interface ListOptions {
  query: ListQuery
}

const NARROWED_BY = ['role', 'two_factor', 'suspended'] as const

/** Everybody who has an account, as the administration lists them. */
export function useUsers({ query }: ListOptions) {
  const { mayAdminister } = useSession()
  const asked = () => ({
    page: query.page.value,
    per_page: query.perPage.value,
    include: ['standing', 'roles'],
    sort: query.sort.value || undefined,
    filter: {
      '*': query.term.value,
      ...Object.fromEntries(NARROWED_BY.map((name) => [name, query.filter(name).join(',')])),
    },
  })
  const { data, status, error, refresh } = useApi(users.list, {
    query: asked,
    enabled: () => mayAdminister('users'),
  })
  useEvents().on('administration', ({ what }) => what === 'users' && void refresh())

  return { data, status, error, refresh, ...useUserActions(refresh) }
}

type Context = ReturnType<typeof loadUser> & { user: ComputedRef<User> }
const KEY: InjectionKey<Context> = Symbol('user')

/** The user of the administration's page. Only below `pages/admin/users/[user].vue`, which shows its pages once it is there. */
export function useUser(): Context {
  const context = inject(KEY, null)
  if (!context) throw new Error('useUser() needs the page of a user around it.')
  return context
}

/** Loads the user of a page and provides it to what is shown below. */
export function provideUser(number: string) {
  const loaded = loadUser(number)
  const context = { ...loaded, user: computed(() => loaded.data.value as User) }
  provide(KEY, context)
  return context
}

function loadUser(number: string) {
  const { user: me, mayAdminister } = useSession()
  const params = { user: number }
  const { data, status, error, refresh } = useApi(users.get, {
    params,
    query: { include: ['standing', 'roles'] },
    enabled: () => mayAdminister('users'),
  })
  useEvents().refreshOn('administration', ({ what }) => what === 'users', refresh)

  const update = useSubmit(
    async (body: SaveUserBody) => {
      await api(users.update, { params, body })
      await refresh()
      return true
    },
    { success: 'users.saved', inForm: true },
  )
  const setRoles = useSubmit(
    async (ids: number[]) => {
      await api(users.setRoles, { params, body: { roles: ids } })
      await refresh()
      return true
    },
    { success: 'users.rolesSaved', inForm: true },
  )

  return {
    data,
    status,
    error,
    refresh,
    update,
    setRoles,
    isSelf: computed(() => data.value?.uuid === me.value?.uuid),
    /** Whoever is limited by roles changes no account of an administrator. */
    mayChange: computed(
      () =>
        !!data.value &&
        mayAdminister('users', 'write') &&
        (me.value?.is_root_admin === true || roleOf(data.value) === 'user'),
    ),
    ...useUserActions(refresh),
  }
}

export function useCreateUser() {
  const create = useSubmit((body: SaveUserBody) => api(users.create, { body }), {
    success: 'users.created',
    inForm: true,
  })
  const giveRoles = useSubmit((given: { user: number; roles: number[] }) =>
    api(users.setRoles, { params: { user: String(given.user) }, body: { roles: given.roles } }),
  )

  return { create, giveRoles }
}

/** What is done to somebody else's account, from a list or from its own page. */
function useUserActions(refresh: () => Promise<unknown>) {
  const suspend = useSubmit(
    async ({ user, ...body }: { user: number; reason: string | null; until: string | null }) => {
      await api(users.suspend, { params: { user: String(user) }, body })
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
    async ({ user, withServers, force }: { user: number; withServers: boolean; force: boolean }) => {
      const query = { with_servers: withServers || undefined, force: (withServers && force) || undefined }
      await api(users.remove, { params: { user: String(user) }, query })
      return true
    },
    { success: 'users.deleted', inForm: true },
  )

  /** Answers it this once. */
  const setTemporaryPassword = useSubmit(async (user: number) => {
    const { password } = await api(users.setTemporaryPassword, { params: { user: String(user) } })
    await refresh()
    return password
  })

  const disableTwoFactor = useSubmit(
    async (user: number) => {
      await api(users.disableTwoFactor, { params: { user: String(user) } })
      await refresh()
    },
    { success: 'users.twoFactorOff' },
  )

  const removeAvatar = useSubmit(
    async (user: number) => {
      await api(users.removeAvatar, { params: { user: String(user) } })
      await refresh()
    },
    { success: 'users.avatarRemoved' },
  )

  /** This browser is somebody else's from now on: every page begins anew. */
  const actAs = useSubmit(async (user: number) => {
    await api(users.actAs, { params: { user: String(user) } })
    window.location.assign('/')
  })

  return { suspend, unsuspend, sendLink, remove, setTemporaryPassword, disableTwoFactor, removeAvatar, actAs }
}
