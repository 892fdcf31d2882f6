import { servers } from '#shared/contracts/client/servers'
import { startup } from '#shared/contracts/client/startup'

interface Asked {
  server: () => { identifier: string; uuid: string }
  /** Whether this person may see it. */
  enabled: () => boolean
}

/** How a server starts: its command, its image, and the variables that its players may see. */
export function useStartup({ server, enabled }: Asked) {
  const params = () => ({ server: server().identifier })
  const { data, error, refresh } = useApi(startup.get, { params, enabled })
  useEvents().refreshOn(
    'server',
    ({ server: uuid, what }) => enabled() && uuid === server().uuid && ['startup', 'status'].includes(what),
    refresh,
  )

  const chooseImage = useSubmit((image: string) =>
    api(servers.dockerImage, { params: params(), body: { docker_image: image } }),
  )
  const chooseCommand = useSubmit(async (command: string) => {
    await api(startup.chooseCommand, { params: params(), body: { command } })
    await refresh()
  })
  /** Shown, and told when it fails, where it was changed. */
  async function setVariable(key: string, value: string): Promise<void> {
    await api(startup.setVariable, { params: params(), body: { key, value } })
    await refresh()
  }

  return { data, error, refresh, chooseImage, chooseCommand, setVariable }
}
