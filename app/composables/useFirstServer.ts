import { allocations } from '#shared/contracts/application/allocations'
import { eggs } from '#shared/contracts/application/eggs'
import { nodes, type Node } from '#shared/contracts/application/nodes'
import { managedServers } from '#shared/contracts/application/servers'
import { users } from '#shared/contracts/application/users'

/** Where most games look first; a few more, for the servers that come after. */
const FIRST_PORTS = '25565-25574'
const EVERY_ADDRESS = '0.0.0.0'
const GIB = 1024

/** The first server of a new panel: an egg, a name and a size; all else as it usually is. */
export function useFirstServer(chosenNode: () => number | null) {
  const { user } = useSession()
  const draft = reactive({
    name: '',
    egg: null as number | null,
    memory: 4 * GIB,
    environment: {} as Record<string, string>,
  })

  const catalogue = useApi(eggs.list)
  const { data: listed } = useApi(nodes.list, { query: { per_page: 100 } })
  const node = computed<Node | undefined>(
    () => listed.value?.items.find(({ id }) => id === chosenNode()) ?? listed.value?.items[0],
  )
  const egg = computed(() => catalogue.data.value?.find(({ id }) => id === draft.egg))
  const { variables } = useVariablesOf(() => egg.value)

  watch(egg, (next, before) => {
    if (next && (!draft.name || draft.name === before?.name)) draft.name = next.name
  })
  watch(
    variables,
    (all) =>
      (draft.environment = Object.fromEntries(
        all.map(({ env_variable: name, default_value: value }) => [name, value]),
      )),
  )
  /** What the egg cannot answer by itself. */
  const asked = computed(() =>
    variables.value.filter(
      (variable) => variableFault(variable, variable.default_value, { t: (key) => key, te: () => false }) !== undefined,
    ),
  )

  const create = useSubmit(
    async ({ on, image, startup }: { on: Node; image: string; startup: string }) => {
      const [me] = (await api(users.list, { query: { filter: { uuid: user.value?.uuid ?? '' } } })).items
      const body = bodyOf({
        ...blankDraft(),
        name: draft.name,
        owner: me ?? null,
        egg: draft.egg,
        place: 'node',
        node: on.id,
        allocation: await freePortOf(on),
        limits: { ...blankLimits(), memory: draft.memory, cpu: 0 },
        image,
        startup,
        environment: draft.environment,
      })
      return await api(managedServers.create, { body })
    },
    { inForm: true },
  )

  async function submit() {
    if (!egg.value || !node.value) return
    const { images, commands, docker_image: image, startup } = egg.value
    const server = await create.submit({
      on: node.value,
      image: images[0]?.image ?? image,
      startup: commands[0]?.command ?? startup,
    })
    if (server) await navigateTo(`/servers/${server.identifier}`, { replace: true })
  }

  return {
    draft,
    catalogue,
    node,
    isNodeKnown: computed(() => listed.value !== undefined),
    asked,
    submit,
    pending: create.pending,
    failure: create.failure,
  }
}

/** A free port of the node; where it has none yet, a few are added to it, on every address, under the node's own name. */
async function freePortOf({ id, fqdn }: Node): Promise<number | null> {
  const params = { node: String(id) }
  const first = async () =>
    (await api(allocations.list, { params, query: { per_page: 1, filter: { server_id: 'none' } } })).items[0]?.id
  const free = await first()
  if (free !== undefined) return free
  await api(allocations.create, { params, body: { ip: EVERY_ADDRESS, alias: fqdn, ports: [FIRST_PORTS] } })
  return (await first()) ?? null
}
