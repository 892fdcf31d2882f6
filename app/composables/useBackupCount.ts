import { servers } from '#shared/contracts/client/servers'

/** How many backups a server has, asked for while somebody wants to know. */
export function useBackupCount(server: () => string, enabled: () => boolean) {
  const { data } = useApi(servers.get, { params: () => ({ server: server() }), enabled })
  return computed(() => data.value?.meta.backup_count)
}
