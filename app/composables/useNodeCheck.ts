import { managedServers } from '#shared/contracts/application/servers'
import { nodes, type CheckStep, type Node } from '#shared/contracts/application/nodes'

/** How the panel and this browser get to a node: what is known, and what is found by going there now. */
export function useNodeCheck(node: () => Node | undefined) {
  const { mayAdminister } = useSession()
  const number = computed(() => node()?.id.toString())
  const params = () => ({ node: number.value ?? '' })
  const { data, error, refresh } = useApi(nodes.lastCheck, { params, enabled: () => number.value !== undefined })
  const last = computed(() => data.value?.check ?? null)

  const fromHere = shallowRef<{ at: string; steps: CheckStep[] }>()
  const isTrying = ref(false)

  /** A socket opens only for a server; any of the node will do. */
  async function anyServer(): Promise<string | undefined> {
    if (!mayAdminister('servers')) return undefined
    const { items } = await api(managedServers.list, { query: { per_page: 1, filter: { node: number.value } } })
    return items[0]?.uuid
  }

  async function tryFromHere(): Promise<void> {
    const there = node()
    if (!there || isTrying.value) return
    isTrying.value = true
    try {
      const server = await anyServer().catch(() => undefined)
      const steps = await checkFromBrowser({ address: nodeAddressOf(there), page: window.location.origin, server })
      fromHere.value = { at: new Date().toISOString(), steps }
      // Others learn of it; what they know already is not told again. That a silent node is silent here too blocks nobody.
      if (node()?.unreachable_since === null && !isSameWay(steps, last.value?.browser?.steps))
        await api(nodes.reportBrowser, { params: { node: String(there.id) }, body: { steps } })
    } finally {
      isTrying.value = false
    }
  }

  const again = useSubmit(async (_: undefined) => {
    await Promise.all([api(nodes.check, { params: params() }), tryFromHere()])
    await refresh()
  })

  // A node that nobody has ever seen cannot be reached: the first call of it is the moment to go there.
  const isSeen = computed(() => (number.value ? node()?.last_seen_at !== null : undefined))
  let isLooked = false
  watch(
    [isSeen, data],
    ([seen, known], [wasSeen]) => {
      if (!seen || known === undefined) return
      if (wasSeen === false || known.check === null) void again.submit(undefined)
      else if (!isLooked) void tryFromHere().catch(() => undefined)
      isLooked = true
    },
    { immediate: true },
  )
  watch(
    () => node()?.unreachable_since,
    (since, before) => before && since === null && void tryFromHere().catch(() => undefined),
  )
  useEvents().refreshOn('node', ({ node: told }) => told === number.value, refresh)

  return {
    error,
    checkedAt: computed(() => last.value?.checked_at),
    panelSteps: computed<readonly CheckStep[]>(() => last.value?.steps ?? []),
    browserSteps: computed<readonly CheckStep[]>(() => fromHere.value?.steps ?? []),
    isTrying: readonly(isTrying),
    again,
  }
}

/** Times differ with every try. */
function isSameWay(one: readonly CheckStep[], other: readonly CheckStep[] | undefined): boolean {
  const words = (steps: readonly CheckStep[] = []) =>
    steps.map(({ step, ok, cause }) => `${step} ${ok} ${cause}`).join()
  return words(one) === words(other)
}
