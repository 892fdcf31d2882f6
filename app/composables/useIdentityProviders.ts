import { identityProviders } from '#shared/contracts/application/identity-providers'
import type { ProviderForm } from '~/utils/provider-form'

/** Who vouches for people in this panel, in the order of the sign-in page. */
export function useIdentityProviders() {
  const { data, status, error, refresh } = useApi(identityProviders.list)
  const { refreshOn } = useEvents()
  refreshOn('administration', ({ what }) => what === 'identity_providers', refresh)

  const save = useSubmit(
    async ({ provider, body }: { provider?: string; body: ProviderForm }) => {
      const { id, kind, ...changed } = body
      const saved = await (provider === undefined
        ? api(identityProviders.create, { body: { ...changed, id, kind } })
        : api(identityProviders.update, { params: { provider }, body: changed }))
      await refresh()
      return saved
    },
    { inForm: true },
  )
  const remove = useSubmit(
    async (provider: string) => {
      await api(identityProviders.remove, { params: { provider } })
      await refresh()
      return true
    },
    { success: 'signInSettings.providers.deleted', inForm: true },
  )
  const test = useSubmit((provider: string) => api(identityProviders.test, { params: { provider } }), { inForm: true })
  const reorder = useSubmit(async (ids: string[]) => {
    await api(identityProviders.reorder, { body: { ids } })
    await refresh()
  })

  return {
    items: computed(() => data.value?.items ?? []),
    roles: computed(() => data.value?.meta.roles ?? []),
    callbackBase: computed(() => data.value?.meta.callback_base ?? ''),
    data,
    status,
    error,
    refresh,
    save,
    remove,
    test,
    reorder,
  }
}
