import { twoFactors, type EnableTwoFactorBody } from '#shared/contracts/client/two-factor'
import { trustedBrowsers } from '#shared/contracts/client/trusted-browsers'

/** What an authenticator app is given: as a picture, and to type. */
export interface BegunFactor {
  secret: string
  uri: string
}

/** One's own second factor. `changed` is called when it was switched on or off, or its codes are others. */
export function useTwoFactor({ changed }: { changed: () => unknown }) {
  const session = useSession()
  /** What was demanded may be met now, or be demanded again. */
  const reread = () => Promise.all([session.refresh(), changed()])

  const begin = useSubmit(async (_: undefined): Promise<BegunFactor> => {
    const { data } = await api(twoFactors.begin)
    return { secret: data.secret, uri: data.image_url_data }
  })

  const enable = useSubmit(
    async (body: EnableTwoFactorBody) => {
      const { tokens } = await api(twoFactors.enable, { body })
      await reread()
      return tokens
    },
    { inForm: true },
  )

  const disable = useSubmit(
    async (password: string) => {
      await api(twoFactors.disable, { body: { password } })
      await reread()
      return true
    },
    { success: 'account.twoFactor.disabled', inForm: true },
  )

  const renewCodes = useSubmit(
    async (password: string) => {
      const { tokens } = await api(twoFactors.renewCodes, { body: { password } })
      await changed()
      return tokens
    },
    { inForm: true },
  )

  return { begin, enable, disable, renewCodes }
}

/** The browsers that are asked for no code. */
export function useTrustedBrowsers() {
  const { data, error, refresh } = useApi(trustedBrowsers.list)

  const forget = useSubmit(
    async (trustedBrowser: string) => {
      await api(trustedBrowsers.remove, { params: { trustedBrowser } })
      await refresh()
    },
    { success: 'account.trusted.forgotten' },
  )

  return { data, error, refresh, forget }
}
