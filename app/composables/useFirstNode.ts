import { locations } from '#shared/contracts/application/locations'
import { nodes, type CheckStep, type Node } from '#shared/contracts/application/nodes'

export interface FirstNode {
  name: string
  /** Where browsers and the panel reach it. */
  fqdn: string
  scheme: 'http' | 'https'
  port: number
  memory: number
  disk: number
}

const USUAL_SFTP_PORT = 2022
const ASK_EVERY_MS = 5000

/** The first node of a new panel: made here, configured by a command, and looked at from both sides until it answers. */
export function useFirstNode() {
  const { data: listed, status } = useApi(nodes.list, { query: { per_page: 1 } })
  const made = shallowRef<Node>()
  const node = computed(() => made.value ?? listed.value?.items[0])

  const create = useSubmit(
    async ({ name, fqdn, scheme, port, memory, disk }: FirstNode) => {
      const [known] = (await api(locations.list, { query: { per_page: 1 } })).items
      const place = known ?? (await api(locations.create, { body: { short: 'main' } }))
      const none = { memory_overallocate: 0, disk_overallocate: 0 }
      const where = { location_id: place.id, fqdn, scheme, daemon_listen: port, daemon_sftp: USUAL_SFTP_PORT }
      made.value = await api(nodes.create, { body: { name, ...where, memory, disk, ...none } })
      return true
    },
    { inForm: true },
  )

  const { data: key, refresh: newKey } = useAsyncData(
    'first-node-key',
    () => api(nodes.createDeployKey, { params: { node: String(node.value?.id) } }),
    { immediate: false },
  )

  const fromPanel = shallowRef<CheckStep[]>([])
  const isReachable = computed(() => fromPanel.value.length > 0 && fromPanel.value.every(({ ok }) => ok === true))
  const firstFault = computed(() => fromPanel.value.find(({ ok }) => ok === false))
  const hasCalled = ref(false)
  const browserReaches = ref<boolean>()

  async function look(one: Node): Promise<void> {
    const params = { node: String(one.id) }
    const [check, seen] = await Promise.all([api(nodes.check, { params }), api(nodes.get, { params })])
    fromPanel.value = check.steps
    hasCalled.value = seen.last_seen_at !== null
    if (isReachable.value) browserReaches.value = await reaches(one)
  }

  watch(
    () => node.value?.id,
    (id, _, onCleanup) => {
      const one = node.value
      if (id === undefined || !one) return
      void newKey()
      let timer: ReturnType<typeof setTimeout> | undefined
      let isLeft = false
      const again = async () => {
        await look(one).catch(() => undefined)
        if (!isLeft && !browserReaches.value) timer = setTimeout(() => void again(), ASK_EVERY_MS)
      }
      void again()
      onCleanup(() => {
        isLeft = true
        clearTimeout(timer)
      })
    },
    { immediate: true },
  )

  return {
    node,
    isKnown: computed(() => status.value === 'success' || !!made.value),
    create,
    key,
    hasCalled,
    isReachable,
    firstFault,
    browserReaches: readonly(browserReaches),
  }
}

/** Yes or no; what is wrong with the way is told in full on the node's own page. */
async function reaches({ scheme, fqdn, daemon_connect: port }: Node): Promise<boolean> {
  const steps = await checkFromBrowser({ address: `${scheme}://${fqdn}:${port}`, page: window.location.origin })
  return steps.every(({ ok }) => ok !== false)
}
