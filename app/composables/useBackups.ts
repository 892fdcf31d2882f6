import { backups, type CreateBackupBody } from '#shared/contracts/client/backups'
import type { ServerDetail } from '#shared/contracts/client/servers'

const PER_PAGE = 50

interface Asked {
  server: () => Pick<ServerDetail, 'identifier' | 'uuid'>
  page: () => number
  /** Whether this person may see them. */
  enabled: () => boolean
}

/** The backups of one server: the current page of them, and what can be done with them. */
export function useBackups({ server, page, enabled }: Asked) {
  const params = () => ({ server: server().identifier })
  const { data, status, error, refresh } = useApi(backups.list, {
    params,
    query: () => ({ page: page(), per_page: PER_PAGE }),
    enabled,
  })

  const { refreshOn } = useEvents()
  refreshOn(
    'server',
    ({ server: uuid, what }) => enabled() && uuid === server().uuid && ['backups', 'status'].includes(what),
    refresh,
  )

  const now = useClock()
  const room = computed(() => {
    if (!data.value) return undefined
    const { backup_count: used, backup_limit: limit, used_bytes: bytes, next_possible_at: next } = data.value.meta
    return { used, limit, bytes, isFull: used >= limit, nextAt: next && Date.parse(next) > now.value ? next : null }
  })

  /** What changes the list shows it as it is then; true says that it went well. */
  const act = <Input>(action: (input: Input) => Promise<unknown>, options: Parameters<typeof useSubmit>[1] = {}) =>
    useSubmit(async (input: Input) => {
      try {
        await action(input)
      } finally {
        // A refused one is in the list too, as failed.
        await refresh()
      }
      return true
    }, options)
  const of = (backup: string) => ({ ...params(), backup })

  return {
    data,
    status,
    error,
    refresh,
    perPage: PER_PAGE,
    /** How much of the limit is used. `nextAt`: until then too many were made in too short a time. */
    room,
    create: act((body: CreateBackupBody) => api(backups.create, { params: params(), body }), { inForm: true }),
    rename: act(
      ({ backup, name }: { backup: string; name: string }) =>
        api(backups.rename, { params: of(backup), body: { name } }),
      { inForm: true },
    ),
    toggleLock: act((backup: string) => api(backups.lock, { params: of(backup) })),
    remove: act((backup: string) => api(backups.remove, { params: of(backup) })),
    restore: useSubmit(
      async ({ backup, truncate }: { backup: string; truncate: boolean }) => {
        await api(backups.restore, { params: of(backup), body: { truncate } })
        return true
      },
      { inForm: true },
    ),
    download: useSubmit(async (backup: string) => {
      const { url } = await api(backups.download, { params: of(backup) })
      window.location.assign(url)
    }),
  }
}
