import { accounts, type ChangeEmailBody, type UpdateProfileBody } from '#shared/contracts/client/account'
import { sessions } from '#shared/contracts/client/sessions'

/** One's own account, and what can be changed about it. */
export function useAccount() {
  const session = useSession()
  const { data, status, error, refresh } = useApi(accounts.profile)

  /** What the shell shows of a person follows. */
  const reread = () => Promise.all([refresh(), session.refresh()])

  const update = useSubmit(
    async (body: UpdateProfileBody) => {
      await api(accounts.updateProfile, { body })
      await reread()
      return true
    },
    { success: 'account.profile.saved', inForm: true },
  )

  const changeEmail = useSubmit(
    async (body: ChangeEmailBody) => {
      await api(accounts.changeEmail, { body })
      await reread()
      return true
    },
    { inForm: true },
  )

  const cancelEmail = useSubmit(async (_: undefined) => {
    await api(accounts.cancelEmail)
    await refresh()
  })

  const resendLink = useSubmit((_: undefined) => api(accounts.resendEmailLink), { success: 'account.email.resent' })

  const changeAvatar = useSubmit(
    async (picture: File) => {
      await sendBytes(accounts.changeAvatar, picture)
      await reread()
    },
    { inForm: true },
  )

  const removeAvatar = useSubmit(async (_: undefined) => {
    await api(accounts.removeAvatar)
    await reread()
  })

  return { data, status, error, refresh, update, changeEmail, cancelEmail, resendLink, changeAvatar, removeAvatar }
}

/** The browsers in which one is signed in. */
export function useSessions() {
  const { data, status, error, refresh } = useApi(sessions.list)

  const revoke = useSubmit(
    async (session: string) => {
      await api(sessions.revoke, { params: { session } })
      await refresh()
    },
    { success: 'account.sessions.ended' },
  )

  const revokeOthers = useSubmit(
    async (_: undefined) => {
      await api(sessions.revokeOthers)
      await refresh()
    },
    { success: 'account.sessions.endedOthers' },
  )

  return { data, status, error, refresh, revoke, revokeOthers }
}
