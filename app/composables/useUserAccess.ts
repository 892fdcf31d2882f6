import { users } from '#shared/contracts/application/users'

/** The browsers in which somebody is signed in, as the administration sees them. */
export function useUserSessions(number: string) {
  const params = { user: number }
  const { data, status, error, refresh } = useApi(users.sessions, { params })

  const end = useSubmit(
    async (session: string | undefined) => {
      await (session === undefined
        ? api(users.endSessions, { params })
        : api(users.endSession, { params: { ...params, session } }))
      await refresh()
      return true
    },
    { success: 'users.sessions.ended' },
  )

  return { data, status, error, refresh, end }
}

/** The keys with which somebody comes in without a password. */
export function useUserKeys(number: string) {
  const params = { user: number }
  const keys = useApi(users.apiKeys, { params, query: { include: ['limits'] } })
  const sshKeys = useApi(users.sshKeys, { params })

  const revokeApiKey = useSubmit(
    async (identifier: string) => {
      await api(users.revokeApiKey, { params: { ...params, identifier } })
      await keys.refresh()
    },
    { success: 'users.keys.revoked' },
  )
  const revokeSshKey = useSubmit(
    async (fingerprint: string) => {
      await api(users.revokeSshKey, { params: { ...params, fingerprint } })
      await sshKeys.refresh()
    },
    { success: 'users.keys.revoked' },
  )

  return { keys, sshKeys, revokeApiKey, revokeSshKey }
}
