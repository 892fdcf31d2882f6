import { passkeys } from '#shared/contracts/client/passkeys'
import { signIn } from '#shared/contracts/client/sign-in'

interface NewPasskey {
  name: string
  password: string
}

/** The passkeys of one's own account. */
export function usePasskeys() {
  const { data, error, refresh } = useApi(passkeys.list)

  /** Answers whether there is one more: its owner may think better of it. */
  const add = useSubmit(
    async ({ name, password }: NewPasskey) => {
      const { options } = await api(passkeys.begin, { body: { password } })
      const response = await makePasskey(options)
      if (!response) return false
      await api(passkeys.register, { body: { name, response } })
      await refresh()
      return true
    },
    { inForm: true },
  )

  const rename = useSubmit(
    async ({ id, name }: { id: string; name: string }) => {
      await api(passkeys.rename, { params: { passkey: id }, body: { name } })
      await refresh()
      return true
    },
    { inForm: true },
  )

  const remove = useSubmit(
    async (passkey: string) => {
      await api(passkeys.remove, { params: { passkey } })
      await refresh()
    },
    { success: 'account.passkeys.removed' },
  )

  return { data, error, refresh, add, rename, remove }
}

/** The way in with a passkey. Answers false where its owner thinks better of it. */
export const usePasskeySignIn = (enter: () => Promise<void>) =>
  useSubmit(
    async (_: undefined) => {
      const { options } = await api(signIn.beginPasskey)
      const response = await showPasskey(options)
      if (!response) return false
      await api(signIn.passkey, { body: { response } })
      await enter()
      return true
    },
    { inForm: true },
  )
