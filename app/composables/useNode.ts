import type { InjectionKey } from 'vue'
import { allocations } from '#shared/contracts/application/allocations'
import { nodes, type Node } from '#shared/contracts/application/nodes'
import { managedServers } from '#shared/contracts/application/servers'
import type { Given } from '#shared/contracts/endpoint'

type NodeGiven = Given<typeof nodes.create, 'body'>
type Context = ReturnType<typeof loadNode> & { node: ComputedRef<Node> }
const KEY: InjectionKey<Context> = Symbol('node')

/** The node of the administration's page. Only below `pages/admin/nodes/[node].vue`, which shows its pages once it is there. */
export function useNode(): Context {
  const context = inject(KEY, null)
  if (!context) throw new Error('useNode() needs the page of a node around it.')
  return context
}

/** Loads the node of a page and provides it to what is shown below. */
export function provideNode(number: () => string) {
  const loaded = loadNode(number)
  const context = { ...loaded, node: computed(() => loaded.data.value as Node) }
  provide(KEY, context)
  return context
}

function loadNode(number: () => string) {
  const { mayAdminister } = useSession()
  const params = () => ({ node: number() })
  const { data, status, error, refresh } = useApi(nodes.get, {
    params,
    query: { include: ['location'] },
    enabled: () => mayAdminister('nodes'),
  })
  useEvents().refreshOn('node', ({ node }) => node === number(), refresh)
  const check = useNodeCheck(() => data.value)
  const ports = useAllocationCounts(number)

  /** What was saved stays even where the node could not be told, so it is shown either way. */
  const saving =
    <Input>(save: (input: Input) => Promise<unknown>) =>
    async (input: Input) => {
      try {
        await save(input)
      } finally {
        await refresh()
      }
      return true
    }

  const update = useSubmit(
    saving((body: NodeGiven) => api(nodes.update, { params: params(), body })),
    { success: 'nodes.saved', inForm: true },
  )
  const maintain = useSubmit(
    saving((is: boolean) =>
      api(nodes.update, {
        params: params(),
        body: { ...nodeBodyOf(nodeDraftOf(data.value as Node)), maintenance_mode: is },
      }),
    ),
  )
  const rotate = useSubmit(
    saving((_: undefined) => api(nodes.rotateToken, { params: params() })),
    { success: 'nodes.token.rotated', inForm: true },
  )
  const createKey = useSubmit((_: undefined) => api(nodes.createDeployKey, { params: params() }), { inForm: true })
  const readDiagnostics = useSubmit((lines: number) => api(nodes.diagnostics, { params: params(), query: { lines } }), {
    inForm: true,
  })
  const readFile = useSubmit((_: undefined) => api(nodes.configuration, { params: params() }), { inForm: true })

  const remove = useSubmit(
    async ({ force }: { force: boolean }) => {
      await api(nodes.remove, { params: params(), query: { force: force || undefined } })
      return true
    },
    { success: 'nodes.deleted', inForm: true },
  )

  return {
    data,
    status,
    error,
    refresh,
    check,
    ports,
    update,
    maintain,
    rotate,
    createKey,
    readFile,
    readDiagnostics,
    remove,
  }
}

/** How many ports a node has and how many of them servers hold. */
function useAllocationCounts(number: () => string) {
  const { mayAdminister } = useSession()
  const params = () => ({ node: number() })
  const enabled = mayAdminister('allocations')
  const all = useApi(allocations.list, { params, query: { per_page: 1 }, enabled })
  const held = useApi(allocations.list, { params, query: { per_page: 1, filter: { assigned: '1' } }, enabled })
  useEvents().refreshOn(
    'node',
    ({ node }) => node === number(),
    () => Promise.all([all.refresh(), held.refresh()]),
  )
  return {
    total: computed(() => all.data.value?.meta.pagination.total),
    used: computed(() => held.data.value?.meta.pagination.total),
  }
}

/** As many servers as one question about live values may name. */
const MOST = 100

/** What the servers of a node use right now, together; unknown where there are too many to ask, or the node is silent. */
export function useNodeLoad(node: () => Node) {
  const { mayAdminister } = useSession()
  const isAsked = () => mayAdminister('servers') && node().servers_count > 0 && node().servers_count <= MOST
  const { data } = useApi(managedServers.list, {
    query: () => ({ per_page: MOST, filter: { node: String(node().id) } }),
    enabled: isAsked,
  })
  const { live } = useLiveValues(() => (isAsked() ? (data.value?.items ?? []).map(({ identifier }) => identifier) : []))

  return computed(() => {
    const values = Object.values(live.value).filter((value) => value !== null && value !== undefined)
    if (values.length === 0) return undefined
    const sum = (pick: (value: (typeof values)[number]) => number) =>
      values.reduce((total, value) => total + pick(value), 0)
    return {
      running: values.filter(({ current_state: state }) => state === 'running').length,
      memoryMib: sum(({ resources }) => resources.memory_bytes) / MIB,
      diskMib: sum(({ resources }) => resources.disk_bytes) / MIB,
      cpuPercent: sum(({ resources }) => resources.cpu_absolute),
    }
  })
}
