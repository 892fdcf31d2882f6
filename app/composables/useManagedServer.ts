import type { InjectionKey } from 'vue'
import { managedServers, type ManagedServer } from '#shared/contracts/application/servers'
import type { Given } from '#shared/contracts/endpoint'

const INCLUDED = ['user', 'node', 'location', 'allocations', 'nest', 'egg', 'variables']

type DetailsGiven = Given<typeof managedServers.details, 'body'>
type BuildGiven = Given<typeof managedServers.build, 'body'>
type StartupGiven = Given<typeof managedServers.startup, 'body'>

type Context = ReturnType<typeof loadManagedServer> & { server: ComputedRef<ManagedServer> }
const KEY: InjectionKey<Context> = Symbol('managed-server')

/** The server of the administration's page. Only below `pages/admin/servers/[server].vue`, which shows its pages once it is there. */
export function useManagedServer(): Context {
  const context = inject(KEY, null)
  if (!context) throw new Error('useManagedServer() needs the page of a server around it.')
  return context
}

/** Loads the server of a page and provides it to the tabs below. */
export function provideManagedServer(number: () => string) {
  const loaded = loadManagedServer(number)
  const server = computed(() => loaded.data.value as ManagedServer)
  provide(KEY, { ...loaded, server })
  return { ...loaded, server }
}

function loadManagedServer(number: () => string) {
  const { mayAdminister } = useSession()
  const params = () => ({ server: number() })
  const { data, status, error, refresh } = useApi(managedServers.get, {
    params,
    query: { include: INCLUDED },
    enabled: () => mayAdminister('servers'),
  })

  const { live, poll } = useLiveValues(() => (data.value ? [data.value.identifier] : []))
  const stats = computed(() => (data.value ? live.value[data.value.identifier] : undefined))
  const state = computed<ServerState>(() =>
    data.value ? managedStateOf(data.value, stats.value?.current_state) : 'unknown',
  )

  const { refreshOn } = useEvents()
  const isThis = (uuid: string) => !data.value || uuid === data.value.uuid
  refreshOn(
    'server',
    ({ server, what }) => isThis(server) && ['details', 'status', 'network', 'startup'].includes(what),
    refresh,
  )
  refreshOn('server', ({ server, what }) => isThis(server) && what === 'power', poll)

  /** What answers with nothing: done once it has been told, and shown anew. */
  const telling =
    <Input>(tell: (input: Input) => Promise<unknown>) =>
    async (input: Input) => {
      await tell(input)
      await refresh()
      return true
    }

  const details = useSubmit(
    telling((body: DetailsGiven) => api(managedServers.details, { params: params(), body })),
    { success: 'adminServers.saved', inForm: true },
  )
  const build = useSubmit(
    telling((body: BuildGiven) => api(managedServers.build, { params: params(), body })),
    { success: 'adminServers.build.saved', inForm: true },
  )
  const startup = useSubmit(
    telling((body: StartupGiven) => api(managedServers.startup, { params: params(), body })),
    { success: 'adminServers.startup.saved', inForm: true },
  )

  const changeEgg = useSubmit(
    telling((body: Given<typeof managedServers.changeEgg, 'body'>) =>
      api(managedServers.changeEgg, { params: params(), body }),
    ),
    { success: 'adminServers.changeEgg.done', inForm: true },
  )

  const suspend = useSubmit(
    telling((_: undefined) => api(managedServers.suspend, { params: params() })),
    { success: 'adminServers.suspended' },
  )
  const unsuspend = useSubmit(
    telling((_: undefined) => api(managedServers.unsuspend, { params: params() })),
    { success: 'adminServers.unsuspended' },
  )
  const reinstall = useSubmit(
    telling((_: undefined) => api(managedServers.reinstall, { params: params() })),
    { success: 'adminServers.reinstalling', inForm: true },
  )
  const toggleInstalled = useSubmit(
    telling((_: undefined) => api(managedServers.toggleInstalled, { params: params() })),
    { success: 'adminServers.marked' },
  )

  const remove = useSubmit(
    async ({ force }: { force: boolean }) => {
      await api(force ? managedServers.removeForced : managedServers.remove, { params: params() })
      return true
    },
    { success: 'adminServers.deleted', inForm: true },
  )

  return {
    data,
    status,
    error,
    refresh,
    stats,
    state,
    details,
    build,
    startup,
    changeEgg,
    suspend,
    unsuspend,
    reinstall,
    toggleInstalled,
    remove,
  }
}
