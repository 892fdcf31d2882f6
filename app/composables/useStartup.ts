import { servers } from '#shared/contracts/client/servers'
import { startup } from '#shared/contracts/client/startup'

/** How a server starts: its command, its image, and the variables that its players may see. */
export function useStartup(server: () => { identifier: string; uuid: string }) {
  const params = () => ({ server: server().identifier })
  const { data, error, refresh } = useApi(startup.get, { params })
  useEvents().refreshOn('server', ({ server: uuid, what }) => uuid === server().uuid && what === 'startup', refresh)

  const chooseImage = useSubmit((image: string) =>
    api(servers.dockerImage, { params: params(), body: { docker_image: image } }),
  )
  /** Shown, and told when it fails, where it was changed. */
  async function setVariable(key: string, value: string): Promise<void> {
    await api(startup.setVariable, { params: params(), body: { key, value } })
    await refresh()
  }

  return { data, error, refresh, chooseImage, setVariable }
}
