import { signIn, type SignInBody } from '#shared/contracts/client/sign-in'

type Code = ({ authentication_code: string } | { recovery_token: string }) & { trust_browser: boolean }

/** The way in: name and password, then, where there is one, the second factor. */
export function useSignIn() {
  const route = useRoute()
  const { refresh } = useSession()
  const { withCaptcha, isWorking } = useCaptcha()
  /** Of the first step, for the second. Lost with the page: then one begins again. */
  const checkpoint = useState<string | null>('checkpoint', () => null)

  async function enter(): Promise<void> {
    checkpoint.value = null
    await refresh()
    await navigateTo(onSitePath(route.query.redirect), { replace: true })
  }

  const start = useSubmit(
    async (body: SignInBody) => {
      const { data } = await withCaptcha((captcha) => api(signIn.start, { body: { ...body, captcha } }))
      if (data.complete) return enter()
      checkpoint.value = data.confirmation_token
      await navigateTo({ name: 'auth-two-factor', query: route.query })
    },
    { inForm: true },
  )

  const pass = useSubmit(
    async (code: Code) => {
      await api(signIn.checkpoint, { body: { confirmation_token: checkpoint.value ?? '', ...code } })
      await enter()
    },
    { inForm: true },
  )

  return { start, isWorking, pass, passkey: usePasskeySignIn(enter), checkpoint: readonly(checkpoint) }
}
