import { accounts, type ChangePasswordBody } from '#shared/contracts/client/account'
import { signIn } from '#shared/contracts/client/sign-in'

interface Chosen {
  password: string
  password_confirmation: string
}

/** A link to choose a password: asking for one, and following it. The secret stands behind the `#` of the address. */
export function usePasswordLink() {
  const route = useRoute()
  const { refresh } = useSession()
  const token = route.hash.slice(1)

  const { withCaptcha, isWorking } = useCaptcha()

  const ask = useSubmit(
    (email: string) =>
      withCaptcha((captcha) => api(signIn.forgotPassword, { body: { email, captcha } }), { inForm: true }),
    { inForm: true },
  )

  const {
    data: owner,
    error,
    refresh: check,
  } = useAsyncData(
    'password-link',
    () => api(signIn.checkLink, { body: { token } }).catch(nullWhenRefused('reset.link_invalid')),
    { immediate: token !== '' },
  )

  const follow = useSubmit(
    async (chosen: Chosen) => {
      const reply = await api(signIn.resetPassword, { body: { token, ...chosen } })
      if (reply.send_to_login) return navigateTo({ name: 'auth-login', query: { changed: '1' } }, { replace: true })
      await refresh()
      await navigateTo('/', { replace: true })
    },
    { inForm: true },
  )

  return { ask, isWorking, owner, isDead: computed(() => token === '' || owner.value === null), error, check, follow }
}

/** Changes one's own password. Other browsers are signed out; this one goes on. */
export function useChangePassword({ success }: { success?: string } = {}) {
  const { refresh } = useSession()
  return useSubmit(
    async (body: ChangePasswordBody) => {
      await api(accounts.changePassword, { body })
      await refresh()
      return true
    },
    { success, inForm: true },
  )
}
