import type { InjectionKey } from 'vue'
import { resources } from '#shared/contracts/client/resources'
import { servers, type ServerDetail } from '#shared/contracts/client/servers'
import type { ServerPermission } from '#shared/permissions'

/** What a console or a poll last learned of a server's process. */
export interface LiveState {
  power: PowerState
  uptimeMs: number
}

interface ServerContext {
  /** Present wherever a page of a server is shown: the layout shows its pages only then. */
  server: ComputedRef<ServerDetail>
  can: (permission: ServerPermission) => boolean
  /** The one word that is shown for it. */
  state: ComputedRef<ServerState>
  live: Readonly<Ref<LiveState | null>>
  /** Told by whoever holds a connection to the node; null: no contact. */
  report: (live: LiveState | null) => void
  refresh: () => Promise<unknown>
  isOwner: ComputedRef<boolean>
}

const KEY: InjectionKey<ServerContext> = Symbol('server')

/** The server of the page, and what this person may do with it. Only below `layouts/server.vue`. */
export function useServer(): ServerContext {
  const context = inject(KEY, null)
  if (!context) throw new Error('useServer() needs the layout of a server around it.')
  return context
}

/** The same where there may be none, as in the shared header. */
export const useServerIfAny = (): ServerContext | null => inject(KEY, null)

/** Loads the server of a layout and provides it to all below. */
export function provideServer(identifier: () => string) {
  const { data, status, error, refresh } = useApi(servers.get, { params: () => ({ server: identifier() }) })
  const reported = shallowRef<LiveState | null>(null)
  watch(identifier, () => (reported.value = null))

  const permissions = computed(() => new Set(data.value?.meta.user_permissions))
  const server = computed(() => data.value as ServerDetail)

  const { refreshOn } = useEvents()
  const polled = pollWhile({
    isNeeded: () => reported.value === null,
    identifier: () => (data.value && !isServerBusy(data.value) ? identifier() : undefined),
    refreshOn,
  })
  const live = computed(() => reported.value ?? polled.live.value)
  // Until it is loaded any hint may be about this one, and its answer may be older than the hint.
  const isThis = (uuid: string) => !data.value || uuid === data.value.uuid
  refreshOn(
    'server',
    ({ server: uuid, what }) =>
      isThis(uuid) && ['details', 'status', 'users', 'network', 'startup', 'mounts', 'backups'].includes(what),
    refresh,
  )

  // Players hear no hints about nodes: while theirs is silent the panel is asked what it knows of it.
  const timer = setInterval(() => {
    const isSilent = (!live.value && polled.isLost.value) || !!data.value?.meta.node.unreachable_since
    if (isSilent && !document.hidden) void refresh()
  }, POLL_MS)
  onScopeDispose(() => clearInterval(timer))

  const can = (permission: ServerPermission) => permissions.value.has('*') || permissions.value.has(permission)

  const report = (next: LiveState | null) => void (reported.value = next)

  provide(KEY, {
    server,
    can,
    state: computed(() => serverStateOf(server.value, live.value?.power)),
    live,
    report,
    refresh,
    isOwner: computed(() => server.value.meta.is_server_owner),
  })

  return { data, status, error, refresh, can, report }
}

const POLL_MS = 20_000

interface Polled {
  isNeeded: () => boolean
  identifier: () => string | undefined
  refreshOn: ReturnType<typeof useEvents>['refreshOn']
}

/** Where no console is open (no right to it, or no way to the node) the panel is asked instead. */
function pollWhile({ isNeeded, identifier, refreshOn }: Polled) {
  const live = shallowRef<LiveState | null>(null)
  /** The node did not answer, nor did the panel for it. */
  const isLost = ref(false)

  async function ask(): Promise<void> {
    const server = identifier()
    if (!server || !isNeeded() || document.hidden) return
    let failure: unknown
    const answer = await api(resources.get, { params: { server } }).catch((error: unknown) => void (failure = error))
    if (server !== identifier()) return
    live.value = answer ? { power: answer.current_state, uptimeMs: answer.resources.uptime } : null
    isLost.value = isAway(failure)
  }

  const timer = setInterval(() => void ask(), POLL_MS)
  onScopeDispose(() => clearInterval(timer))
  watch(
    [identifier, isNeeded],
    ([server], [before]) => {
      if (server !== before) live.value = null
      void ask()
    },
    { immediate: true },
  )
  refreshOn('server', ({ what }) => what === 'power' || what === 'status', ask)
  return { live, isLost }
}
