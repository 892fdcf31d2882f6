import { servers as endpoints } from '#shared/contracts/client/servers'
import { sshKeys, type AddSshKeyBody } from '#shared/contracts/client/ssh-keys'

/** The keys with which one signs in over SFTP. */
export function useSshKeys() {
  const { data, status, error, refresh } = useApi(sshKeys.list)

  const add = useSubmit(
    async (body: AddSshKeyBody) => {
      const key = await api(sshKeys.add, { body })
      await refresh()
      return key
    },
    { success: 'account.sshKeys.added', inForm: true },
  )

  const remove = useSubmit(
    async (fingerprint: string) => {
      await api(sshKeys.remove, { body: { fingerprint } })
      await refresh()
    },
    { success: 'account.sshKeys.removed' },
  )

  return { data, status, error, refresh, add, remove }
}

/** What one can connect to over SFTP: one's own servers and those shared with one, a hundred at most. */
export function useSftpServers() {
  const { data } = useApi(endpoints.list, { query: { per_page: 100 } })
  const servers = computed(() => {
    const [first, ...others] = data.value?.items ?? []
    return first && ([first, ...others] as const)
  })

  return { servers, isLoaded: computed(() => data.value !== undefined) }
}
