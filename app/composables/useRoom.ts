import { refDebounced } from '@vueuse/core'
import { nodes, type Node } from '#shared/contracts/application/nodes'

/** As many are there at once; beyond them a node is looked for by its name. */
const ALL = 500
const FOUND = 50
const ASK_MS = 300

export interface RoomCheck {
  /** Where it would find room. */
  fits: readonly Node[]
  /** The node that lacks least, and what it lacks; none where it fits somewhere. */
  nearest?: Node
  shortages: readonly Shortage[]
  /** Nowhere, and no node comes near. */
  isNone: boolean
  isAsking: boolean
}

interface Asked {
  wanted: () => Wanted
  place: () => 'auto' | 'node'
  node: () => number | null
  locations: () => readonly number[]
}

/** The nodes that this administrator reaches, by name; where there are more, those that he looks for as well. */
export function useNodeChoices(term: () => string = () => '') {
  const { mayAdminister } = useSession()
  const { data, status, error, refresh } = useApi(nodes.list, {
    query: { per_page: ALL, sort: 'name' },
    enabled: () => mayAdminister('nodes'),
  })
  const asked = refDebounced(
    computed(() => term().trim()),
    ASK_MS,
  )
  const { data: found } = useApi(nodes.list, {
    query: () => ({ per_page: FOUND, sort: 'name', filter: { '*': asked.value } }),
    enabled: () => asked.value !== '' && (data.value?.meta.pagination.total ?? 0) > ALL,
  })
  /** What was found once stays: somebody may have chosen it. */
  const more = shallowRef<readonly Node[]>([])
  watch(found, (answer) => {
    const known = new Set([...(data.value?.items ?? []), ...more.value].map(({ id }) => id))
    more.value = [...more.value, ...(answer?.items ?? []).filter(({ id }) => !known.has(id))]
  })
  return {
    nodes: computed<readonly Node[]>(() => [...(data.value?.items ?? []), ...more.value]),
    isLoaded: computed(() => data.value !== undefined),
    status,
    error,
    refresh,
  }
}

/** Whether a server of this size finds room, while its size is being typed. */
export function useRoom(all: () => readonly Node[], { wanted, place, node, locations }: Asked) {
  const settled = refDebounced(computed(wanted), ASK_MS)
  const { mayAdminister } = useSession()
  const isAuto = () => place() === 'auto'
  // The panel itself says where it would put a server; which processors are promised it does not look at here.
  const { data, status, error } = useApi(nodes.deployable, {
    query: () =>
      ({
        memory: settled.value.memory,
        disk: settled.value.disk,
        location_ids: Object.fromEntries(locations().map((id, index) => [index, id])),
      }) as never,
    enabled: () => isAuto() && mayAdminister('nodes'),
  })
  const found = computed<readonly Node[] | undefined>(() => {
    // That there is none is a refusal, and what was found before is no answer to this question.
    if (error.value) return failuresOf(error.value)[0].meta.reason === 'node.none_viable' ? [] : undefined
    return data.value && (Array.isArray(data.value) ? data.value : data.value.items)
  })

  return computed<RoomCheck>(() => {
    if (!isAuto()) {
      const chosen = all().find(({ id }) => id === node())
      const shortages = chosen ? shortagesOf(chosen, wanted()) : []
      return {
        fits: chosen && shortages.length === 0 ? [chosen] : [],
        nearest: chosen,
        shortages,
        isNone: false,
        isAsking: false,
      }
    }

    const cpuOnly = { memory: 0, disk: 0, cpu: settled.value.cpu }
    const fits = (found.value ?? []).filter((one) => shortagesOf(one, cpuOnly).length === 0)
    const isAsking = found.value === undefined && status.value === 'pending'
    if (fits.length > 0 || isAsking || found.value === undefined)
      return { fits, shortages: [], isNone: false, isAsking }

    const candidates = all().filter(
      (one) => one.public && (locations().length === 0 || locations().includes(one.location_id)),
    )
    const [nearest] = candidates.toSorted((one, other) => lackOf(one, settled.value) - lackOf(other, settled.value))
    const shortages = nearest ? shortagesOf(nearest, settled.value) : []
    return { fits, nearest, shortages, isNone: shortages.length === 0, isAsking }
  })
}

/** How far a node is from having room, in shares of what is wanted. */
const lackOf = (node: Node, wanted: Wanted): number =>
  shortagesOf(node, wanted).reduce((sum, { left, wanted: asked }) => sum + (asked - left) / asked, 0)

/** "fra-1 has 3 GiB of memory left; this server needs 4 GiB." */
export function useShortageText() {
  const { t } = useI18n()
  const { bytes, percent } = useFormat()
  return ({ name }: Pick<Node, 'name'>, { resource, left, wanted }: Shortage): string => {
    const print = (amount: number) => (resource === 'cpu' ? percent(amount) : bytes(amount * MIB))
    return t(`adminServers.room.short.${resource}`, { node: name, left: print(left), wanted: print(wanted) })
  }
}
