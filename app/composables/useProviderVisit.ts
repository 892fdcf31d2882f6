import { useEventListener } from '@vueuse/core'
import { signIn } from '#shared/contracts/client/sign-in'

/** Leaves for a provider to sign in there; the panel lets in whoever comes back. */
export function useProviderVisit() {
  const route = useRoute()
  /** Whose page is on its way. */
  const leaving = ref<string>()

  const begin = useSubmit(
    async (provider: string) => {
      leaving.value = provider
      const { redirect } = route.query
      try {
        const body = { redirect: typeof redirect === 'string' ? redirect : null }
        const { url } = await api(signIn.beginVisit, { params: { provider }, body })
        window.location.assign(url)
      } catch (error) {
        leaving.value = undefined
        throw error
      }
    },
    { inForm: true },
  )
  // Whoever goes back finds the page as he left it, in browsers that keep it.
  useEventListener('pageshow', () => (leaving.value = undefined))

  return { begin, leaving: readonly(leaving) }
}
