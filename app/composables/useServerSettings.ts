import { servers } from '#shared/contracts/client/servers'

/** What a server's people change about it. */
export function useServerSettings(server: MaybeRefOrGetter<string>) {
  const params = () => ({ server: toValue(server) })
  const rename = useSubmit(
    (body: { name: string; description: string | null }) => api(servers.rename, { params: params(), body }),
    { success: 'server.renamed', inForm: true },
  )
  const reinstall = useSubmit(async (_: undefined) => void (await api(servers.reinstall, { params: params() })), {
    success: 'server.reinstalling',
  })
  return { rename, reinstall }
}
