import { mounts, serverMounts, type Mount, type ServerMount } from '#shared/contracts/application/mounts'
import { ownMounts, type OwnMount } from '#shared/contracts/client/mounts'
import type { MountForm } from '~/utils/mount-form'

/** The folders of hosts that servers may be given. */
export function useMounts({ query }: { query: ListQuery }) {
  const { mayAdminister } = useSession()
  const asked = () => ({
    page: query.page.value,
    per_page: query.perPage.value,
    sort: query.sort.value || undefined,
    filter: { '*': query.term.value },
  })
  const { data, status, error, refresh } = useApi(mounts.list, {
    query: asked,
    enabled: () => mayAdminister('mounts'),
  })
  const { refreshOn } = useEvents()
  refreshOn('administration', ({ what }) => what === 'mounts', refresh)

  const save = useSubmit(
    async ({ mount, body }: { mount?: number; body: MountForm }) => {
      const saved = await (mount === undefined
        ? api(mounts.create, { body })
        : api(mounts.update, { params: { mount: String(mount) }, body }))
      await refresh()
      return saved
    },
    { inForm: true },
  )
  const remove = useSubmit(
    async (mount: number) => {
      await api(mounts.remove, { params: { mount: String(mount) } })
      await refresh()
      return true
    },
    { success: 'mounts.deleted', inForm: true },
  )

  return {
    items: computed<Mount[]>(() => data.value?.items ?? []),
    total: computed(() => data.value?.meta.pagination.total ?? 0),
    data,
    status,
    error,
    refresh,
    save,
    remove,
  }
}

/** What one server has and what it is offered, for its administrator. */
export function useServerMounts(server: () => { id: number; uuid: string }) {
  const { mayAdminister } = useSession()
  const params = () => ({ server: String(server().id) })
  const { data, error, refresh } = useApi(serverMounts.list, { params, enabled: () => mayAdminister('mounts') })
  const { refreshOn } = useEvents()
  refreshOn('server', ({ server: uuid, what }) => uuid === server().uuid && what === 'mounts', refresh)
  refreshOn('administration', ({ what }) => what === 'mounts', refresh)

  const change = useSubmit(async ({ id, attaches }: { id: number; attaches: boolean }) => {
    const named = { params: { ...params(), mount: String(id) } }
    try {
      await (attaches ? api(serverMounts.attach, named) : api(serverMounts.detach, named))
    } finally {
      await refresh()
    }
    return true
  })

  return { items: computed<ServerMount[]>(() => data.value ?? []), data, error, refresh, change }
}

/** What a player's server has and what is offered to it. */
export function useOwnMounts(server: () => { identifier: string; uuid: string }) {
  const params = () => ({ server: server().identifier })
  const { data, error, refresh } = useApi(ownMounts.list, { params })
  useEvents().refreshOn('server', ({ server: uuid, what }) => uuid === server().uuid && what === 'mounts', refresh)

  const change = useSubmit(async ({ uuid, attaches }: { uuid: string; attaches: boolean }) => {
    const named = { params: { ...params(), mount: uuid } }
    try {
      await (attaches ? api(ownMounts.attach, named) : api(ownMounts.detach, named))
    } finally {
      await refresh()
    }
    return true
  })

  return { items: computed<OwnMount[]>(() => data.value ?? []), error, refresh, change }
}
