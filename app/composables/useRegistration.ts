import { signIn, type RegisterBody } from '#shared/contracts/client/sign-in'

/** Makes oneself an account: the form, and the link that comes of it. */
export function useRegistration() {
  const { language } = useLanguage()
  const { withCaptcha, isWorking } = useCaptcha()
  const register = useSubmit(
    async (body: Pick<RegisterBody, 'username' | 'email' | 'password'>) => {
      const whole = { ...body, language: language.value }
      await withCaptcha((captcha) => api(signIn.register, { body: { ...whole, captcha } }), { inForm: true })
      return true
    },
    { inForm: true },
  )
  return { register, isWorking }
}

/** The link of the mail: what it confirms, and that it is confirmed. */
export function useConfirmation() {
  const route = useRoute()
  const { refresh } = useSession()
  const token = route.hash.slice(1)
  const {
    data: asked,
    error,
    refresh: check,
  } = useAsyncData(
    'registration',
    () =>
      api(signIn.checkRegistration, { body: { token } }).catch(
        nullWhenRefused('registration.link_invalid', 'registration.closed'),
      ),
    { immediate: token !== '' },
  )
  const confirm = useSubmit(
    async (username: string | null) => {
      await api(signIn.confirmRegistration, { body: { token, username } })
      await refresh()
      await navigateTo('/', { replace: true })
    },
    { inForm: true },
  )
  return { asked, isDead: computed(() => token === '' || asked.value === null), error, check, confirm }
}
