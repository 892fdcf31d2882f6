import { setup, type CompleteSetupBody } from '#shared/contracts/client/setup'

export type SetupAccount = Pick<CompleteSetupBody, 'username' | 'email' | 'password'>
export type SetupPanel = CompleteSetupBody['panel']

/** The first minutes of a panel. The secret of its link stands behind the `#` of the address. */
export function useSetup() {
  const { refresh } = useSession()
  const token = useRoute().hash.slice(1)

  const {
    data: found,
    status,
    error,
  } = useAsyncData('setup-link', () => api(setup.check, { body: { token } }), { immediate: token !== '' })

  /** Makes the administrator, who is signed in from then on. */
  const complete = useSubmit(
    async (given: SetupAccount & { panel: SetupPanel }) => {
      await api(setup.complete, { body: { token, ...given } })
      await refresh()
      return true
    },
    { inForm: true },
  )

  return {
    found,
    error,
    hasToken: token !== '',
    isChecking: computed(() => token !== '' && status.value === 'pending'),
    complete,
  }
}
