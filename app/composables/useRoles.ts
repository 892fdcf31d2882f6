import { roles, type Role } from '#shared/contracts/application/roles'
import { users } from '#shared/contracts/application/users'
import type { Given } from '#shared/contracts/endpoint'

export type RoleForm = Given<typeof roles.create, 'body'>

/** What administrators are limited by. */
export function useRoles({ query }: { query: ListQuery }) {
  const { mayAdminister } = useSession()
  const asked = () => ({
    page: query.page.value,
    per_page: query.perPage.value,
    sort: query.sort.value || undefined,
    include: ['users'],
    filter: { '*': query.term.value },
  })
  const { data, status, error, refresh } = useApi(roles.list, {
    query: asked,
    enabled: () => mayAdminister('roles'),
  })
  useEvents().refreshOn('administration', ({ what }) => what === 'roles' || what === 'users', refresh)
  const roots = useApi(users.list, {
    query: { per_page: 1, filter: { role: 'root' } },
    enabled: mayAdminister('users'),
  })

  const save = useSubmit(
    async ({ role, body }: { role?: number; body: RoleForm }) => {
      const saved = await (role === undefined
        ? api(roles.create, { body })
        : api(roles.update, { params: { role: String(role) }, body }))
      await refresh()
      return saved
    },
    { success: 'roles.saved', inForm: true },
  )
  const remove = useSubmit(
    async (role: number) => {
      await api(roles.remove, { params: { role: String(role) } })
      await refresh()
      return true
    },
    { success: 'roles.deleted', inForm: true },
  )

  return {
    items: computed<Role[]>(() => data.value?.items ?? []),
    total: computed(() => data.value?.meta.pagination.total ?? 0),
    /** Undefined for whoever may not know. */
    rootCount: computed(() => roots.data.value?.meta.pagination.total),
    data,
    status,
    error,
    refresh,
    save,
    remove,
  }
}

/** Roles to choose from, for whoever may give them. */
export function useRoleChoices() {
  const { mayAdminister } = useSession()
  const { data } = useApi(roles.list, { query: { per_page: 500, sort: 'name' }, enabled: mayAdminister('roles') })
  return computed<Role[]>(() => data.value?.items ?? [])
}
