import { allocations } from '#shared/contracts/application/allocations'
import { eggs } from '#shared/contracts/application/eggs'
import { nodes, type NodeState } from '#shared/contracts/application/nodes'
import { managedServers } from '#shared/contracts/application/servers'
import { users } from '#shared/contracts/application/users'

/** More nodes than any panel has: what is wrong with one of them is seen at once. */
const ALL = 500
/** Beyond so many the list itself is the place to look. */
const SHOWN = 20
const NEEDS_A_HAND: readonly NodeState[] = ['no_contact', 'browsers_blocked', 'never_seen']

/** How the panel stands, as far as this administrator may look; what he may not see is undefined. */
export function useOverview() {
  const { mayAdminister } = useSession()
  const node = useApi(nodes.list, { query: { per_page: ALL, sort: 'name' }, enabled: mayAdminister('nodes') })
  const one = { per_page: 1 }
  const server = useApi(managedServers.list, { query: one, enabled: mayAdminister('servers') })
  const failed = useApi(managedServers.list, {
    query: { per_page: SHOWN, sort: 'name', include: ['node'], filter: { status: 'install_failed,reinstall_failed' } },
    enabled: mayAdminister('servers'),
  })
  const user = useApi(users.list, { query: one, enabled: mayAdminister('users') })
  const egg = useApi(eggs.list, { enabled: mayAdminister('eggs') })

  const first = computed(() => node.data.value?.items[0])
  const isFresh = computed(() => server.data.value?.meta.pagination.total === 0)
  const port = useApi(allocations.list, {
    params: () => ({ node: String(first.value?.id) }),
    query: one,
    enabled: () => isFresh.value && first.value !== undefined && mayAdminister('allocations'),
  })

  const { refreshOn } = useEvents()
  refreshOn(
    'node',
    () => true,
    () => Promise.all([node.refresh(), isFresh.value && first.value ? port.refresh() : undefined]),
  )
  refreshOn('administration', ({ what }) => what === 'nodes', node.refresh)
  refreshOn(
    'administration',
    ({ what }) => what === 'servers',
    () => Promise.all([server.refresh(), failed.refresh()]),
  )
  refreshOn('administration', ({ what }) => what === 'users', user.refresh)
  refreshOn('server', ({ what }) => what === 'status', failed.refresh)

  const all = [node, server, failed, user, egg]
  const totalOf = (list: { data: { value?: { meta: { pagination: { total: number } } } } }) =>
    list.data.value?.meta.pagination.total
  return {
    error: computed(() => all.find(({ error, data }) => error.value && data.value === undefined)?.error.value),
    isLoading: computed(() => all.some(({ status, data }) => status.value === 'pending' && data.value === undefined)),
    refresh: () => Promise.all(all.filter(({ error }) => error.value).map(({ refresh }) => refresh())),
    isFresh,
    nodes: computed(() => node.data.value?.items),
    firstNode: first,
    nodesInNeed: computed(() => (node.data.value?.items ?? []).filter(({ state }) => NEEDS_A_HAND.includes(state))),
    failedServers: computed(() => failed.data.value?.items ?? []),
    serverCount: computed(() => totalOf(server)),
    userCount: computed(() => totalOf(user)),
    eggCount: computed(() => egg.data.value?.length),
    portCount: computed(() => totalOf(port)),
  }
}
