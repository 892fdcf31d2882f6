import { subusers, type Subuser } from '#shared/contracts/client/subusers'
import type { ServerDetail } from '#shared/contracts/client/servers'

interface Asked {
  server: () => Pick<ServerDetail, 'identifier' | 'uuid' | 'name'>
  /** Whether this person may see them. */
  enabled: () => boolean
}

/** Whom one server is shared with, and what can be done about it. What was done is said at once, as it counts at once. */
export function useSubusers({ server, enabled }: Asked) {
  const toast = useToast()
  const { doneText, removedText } = useRightsText()
  const params = () => ({ server: server().identifier })
  const { data, status, error, refresh } = useApi(subusers.list, { params, enabled })
  useEvents().refreshOn(
    'server',
    ({ server: uuid, what }) => enabled() && uuid === server().uuid && ['users', 'status'].includes(what),
    refresh,
  )

  const tell = (title: string) => toast.add({ title, color: 'success', icon: 'i-lucide-check' })

  /** True says that it went well. */
  const act = <Input>(action: (input: Input) => Promise<unknown>, options: Parameters<typeof useSubmit>[1] = {}) =>
    useSubmit(async (input: Input) => {
      await action(input)
      await refresh()
      return true
    }, options)

  return {
    data,
    status,
    error,
    refresh,
    invite: act(
      async (body: { email: string; permissions: string[] }) => {
        const made = await api(subusers.invite, { params: params(), body })
        tell(doneText({ name: made.username, before: [], after: made.permissions, server: server().name }))
      },
      { inForm: true },
    ),
    update: act(
      async ({ subuser, permissions }: { subuser: Subuser; permissions: string[] }) => {
        const of = { ...params(), user: subuser.uuid }
        const changed = await api(subusers.update, { params: of, body: { permissions } })
        const [before, after] = [subuser.permissions, changed.permissions]
        tell(doneText({ name: subuser.username, before, after, server: server().name }))
      },
      { inForm: true },
    ),
    remove: act(async ({ uuid, username }: Subuser) => {
      await api(subusers.remove, { params: { ...params(), user: uuid } })
      tell(removedText(username, server().name))
    }),
  }
}
