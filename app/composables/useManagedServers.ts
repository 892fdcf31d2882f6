import type { PowerSignal } from '#shared/contracts/client/console'
import { managedServers, type ManagedServer } from '#shared/contracts/application/servers'

const INCLUDED = ['user', 'node', 'allocations']
/** More than any bar of actions is used for at once. */
const ALL = 5000

export const SERVER_FILTERS = ['state', 'node', 'owner', 'egg'] as const

/** Both kinds of failed installation are one word. */
const STATUSES: Record<string, string[]> = { install_failed: ['install_failed', 'reinstall_failed'] }

export type BulkAct = PowerSignal | 'suspend' | 'unsuspend' | 'transfer'
/** All but what has to be asked about first. */
type SimpleAct = Exclude<BulkAct, 'transfer'>
export interface BulkResult {
  act: BulkAct
  done: number
  failed: { server: ManagedServer; error: unknown }[]
}

/** The servers of the panel, as the administration lists them, with what their nodes say now. */
export function useManagedServers({ query }: { query: ListQuery }) {
  const { mayAdminister } = useSession()
  const narrowed = () => ({
    '*': query.term.value,
    status: query
      .filter('state')
      .flatMap((state) => STATUSES[state] ?? [state])
      .join(','),
    ...Object.fromEntries((['node', 'owner', 'egg'] as const).map((name) => [name, query.filter(name).join(',')])),
  })
  const asked = () => ({
    page: query.page.value,
    per_page: query.perPage.value,
    include: INCLUDED,
    sort: query.sort.value || undefined,
    filter: narrowed(),
  })

  const { data, status, error, refresh } = useApi(managedServers.list, {
    query: asked,
    enabled: () => mayAdminister('servers'),
  })
  const items = computed<ManagedServer[]>(() => data.value?.items ?? [])
  const total = computed(() => data.value?.meta.pagination.total ?? 0)

  const { live, poll } = useLiveValues(() => items.value.map(({ identifier }) => identifier))
  const { refreshOn } = useEvents()
  const isShown = (uuid: string) => !data.value || items.value.some((server) => server.uuid === uuid)
  refreshOn('administration', ({ what }) => what === 'servers', refresh)
  refreshOn('server', ({ server, what }) => ['details', 'status', 'network'].includes(what) && isShown(server), refresh)
  refreshOn('server', ({ server, what }) => what === 'power' && isShown(server), poll)

  /** Every server that the filters let through, not only those of this page. */
  const listAll = useSubmit(
    async (_: undefined) => (await api(managedServers.list, { query: { ...asked(), page: 1, per_page: ALL } })).items,
  )

  const act = useSubmit(
    async ({ servers, act: kind }: { servers: readonly ManagedServer[]; act: SimpleAct }): Promise<BulkResult> => {
      const byId = new Map(servers.map((server) => [server.id, server]))
      const result: BulkResult = { act: kind, done: 0, failed: [] }
      for (const { id, errors } of await tell([...byId.keys()], kind)) {
        const server = byId.get(id)
        if (errors && server) result.failed.push({ server, error: { data: { errors } } })
        else result.done++
      }
      await Promise.all([refresh(), poll()])
      return result
    },
  )

  return { items, total, data, status, error, refresh, live, listAll, act }
}

/** In one request, which answers for each of them; what it says of a failure is what a refused request says. */
function tell(servers: number[], act: SimpleAct) {
  return act === 'suspend' || act === 'unsuspend'
    ? api(managedServers.suspension, { body: { servers, suspended: act === 'suspend' } })
    : api(managedServers.power, { body: { servers, signal: act } })
}
