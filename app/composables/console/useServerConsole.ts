import type { InjectionKey } from 'vue'
import { serverConsole, type PowerSignal } from '#shared/contracts/client/console'
import type { ServerDetail } from '#shared/contracts/client/servers'

interface ServerConsole {
  socket: WingsSocket
  lines: ConsoleLines
  stats: ReturnType<typeof useServerStats>
  /** Power as it is, or as it was just asked for. */
  power: ComputedRef<PowerState | undefined>
  send: (signal: PowerSignal) => Promise<void>
  pending: Readonly<Ref<boolean>>
}

const KEY: InjectionKey<ServerConsole> = Symbol('server-console')

/** The console of the server whose pages are shown: its socket outlives a step from page to page. */
export function useServerConsole(): ServerConsole {
  const found = inject(KEY, null)
  if (!found) throw new Error('useServerConsole() needs the layout of a server around it.')
  return found
}

/** How long a wish is shown as if it were so, ms. */
const WISH_MS = 8000

const WISHES: Record<PowerSignal, PowerState> = {
  start: 'starting',
  restart: 'stopping',
  stop: 'stopping',
  kill: 'offline',
}

interface Watched {
  server: Ref<ServerDetail | undefined>
  report: (live: LiveState | null) => void
}

/** Opens the console of a layout's server and keeps it open while its pages are shown and the server can be watched. */
export function provideServerConsole({ server, report }: Watched): ServerConsole {
  const { preferences } = useSession()
  const socket = useWingsSocket(() => server.value?.identifier ?? '')
  const lines = useConsoleLines(socket, { kept: () => preferences.value.consoleScrollback ?? 5000 })
  const stats = useServerStats(socket)
  const wish = ref<PowerState>()
  let wishTimer: ReturnType<typeof setTimeout> | undefined

  const { submit, pending } = useSubmit(async (signal: PowerSignal) => {
    await api(serverConsole.power, { params: { server: server.value?.identifier ?? '' }, body: { signal } })
    wish.value = WISHES[signal]
    clearTimeout(wishTimer)
    wishTimer = setTimeout(() => (wish.value = undefined), WISH_MS)
  })

  const power = computed(() => wish.value ?? stats.power.value)
  watch(stats.power, () => (wish.value = undefined))
  watch([power, () => stats.latest.value?.uptimeMs, socket.state], ([state, uptimeMs, connection]) => {
    report(state && connection === 'open' ? { power: state, uptimeMs: uptimeMs ?? 0 } : null)
  })

  const isWatchable = computed(() => server.value !== undefined && mayWatch(server.value))
  watch(
    [() => server.value?.identifier, isWatchable],
    ([identifier, watchable]) => {
      socket.close()
      if (identifier && watchable) void socket.connect()
    },
    { immediate: true },
  )
  onScopeDispose(() => clearTimeout(wishTimer))

  const context = { socket, lines, stats, power, pending, send: submit }
  provide(KEY, context)
  return context
}

/** As the API decides it: administrators watch unfinished work, nobody watches what is suspended or in maintenance. */
function mayWatch({
  is_suspended: isSuspended,
  is_node_under_maintenance: isInMaintenance,
  is_installing: isInstalling,
  is_transferring: isTransferring,
  status,
  meta,
}: ServerDetail): boolean {
  if (isSuspended || isInMaintenance) return false
  if (!meta.user_permissions.includes('*') && !meta.user_permissions.includes('websocket.connect')) return false
  const isUnfinished = isInstalling || isTransferring || status === 'restoring_backup'
  return !isUnfinished || meta.user_permissions.includes('admin.websocket.install')
}
