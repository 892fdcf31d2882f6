import { backupHosts } from '#shared/contracts/application/backup-hosts'
import type { BackupHostForm } from '~/utils/backup-host-form'

/** Where backups of this panel are kept. */
export function useBackupHosts({ query }: { query: ListQuery }) {
  const { mayAdminister } = useSession()
  const asked = () => ({
    page: query.page.value,
    per_page: query.perPage.value,
    sort: query.sort.value || undefined,
    filter: { '*': query.term.value },
  })
  const { data, status, error, refresh } = useApi(backupHosts.list, {
    query: asked,
    enabled: () => mayAdminister('backup_hosts'),
  })
  const { refreshOn } = useEvents()
  refreshOn('administration', ({ what }) => what === 'backup_hosts', refresh)

  const save = useSubmit(
    async ({ host, body }: { host?: number; body: BackupHostForm }) => {
      const { kind, ...changed } = body
      const saved = await (host === undefined
        ? api(backupHosts.create, { body: { ...changed, kind } })
        : api(backupHosts.update, { params: { backupHost: String(host) }, body: changed }))
      await refresh()
      return saved
    },
    { inForm: true },
  )
  const remove = useSubmit(
    async (host: number) => {
      await api(backupHosts.remove, { params: { backupHost: String(host) } })
      await refresh()
      return true
    },
    { success: 'backupHosts.deleted', inForm: true },
  )
  const test = useSubmit(
    async (host: number) => {
      const check = await api(backupHosts.test, { params: { backupHost: String(host) } })
      await refresh()
      return check
    },
    { inForm: true },
  )

  return {
    items: computed(() => data.value?.items ?? []),
    total: computed(() => data.value?.meta.pagination.total ?? 0),
    /** The store that the environment names, if it names one. */
    environment: computed(() => data.value?.meta.environment ?? null),
    data,
    status,
    error,
    refresh,
    save,
    remove,
    test,
  }
}
