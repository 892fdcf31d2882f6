import { identities } from '#shared/contracts/client/identities'

/** What one is connected with: other sign-ins that open one's own account. */
export function useIdentities() {
  const { data, error, refresh } = useApi(identities.list)

  /** Leaves the page: the panel connects whoever comes back. */
  const connect = useSubmit(
    async (body: { provider: string; password: string }) => {
      const { url } = await api(identities.connect, { body })
      window.location.assign(url)
    },
    { inForm: true },
  )
  const disconnect = useSubmit(
    async (identity: string) => {
      await api(identities.disconnect, { params: { identity } })
      await refresh()
      return true
    },
    { success: 'account.identities.disconnected' },
  )

  return {
    connected: computed(() => data.value?.items ?? []),
    available: computed(() => data.value?.meta.available ?? []),
    data,
    error,
    refresh,
    connect,
    disconnect,
  }
}
