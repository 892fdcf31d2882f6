import { eggs, eggVariables, type EggInFull, type EggVariable } from '#shared/contracts/application/eggs'
import { managedServers } from '#shared/contracts/application/servers'

/**
 * Asks for a new server in five steps. What was answered stays, whichever step is shown; the step itself stands in the
 * address, so that the browser's own step back is one too.
 */
export function useServerWizard() {
  const route = useRoute()
  const router = useRouter()
  const { mayAdminister } = useSession()
  const draft = reactive(blankDraft())

  const asked = computed(() => WIZARD_STEPS.find((step) => step === route.query.step) ?? 'owner')
  /** Nobody enters in the middle: what a step needs has been answered before it. */
  const step = computed<WizardStep>(() => {
    const reached = WIZARD_STEPS.indexOf(asked.value)
    return WIZARD_STEPS.slice(0, reached).find((earlier) => faultsOf(earlier, draft).length > 0) ?? asked.value
  })
  const at = computed(() => WIZARD_STEPS.indexOf(step.value))

  const go = (to: WizardStep) => router.push({ query: { ...route.query, step: to === 'owner' ? undefined : to } })
  const goBy = async (by: 1 | -1) => {
    const to = WIZARD_STEPS[at.value + by]
    if (to) await go(to)
  }
  const canGo = (to: WizardStep) =>
    WIZARD_STEPS.slice(0, WIZARD_STEPS.indexOf(to)).every((earlier) => faultsOf(earlier, draft).length === 0)

  const catalogue = useApi(eggs.list, { enabled: () => mayAdminister('eggs') })
  const egg = computed<EggInFull | undefined>(() => catalogue.data.value?.find(({ id }) => id === draft.egg))
  const {
    variables,
    isLoading: areVariablesLoading,
    error: variablesError,
    load: loadVariables,
  } = useVariablesOf(() => egg.value)

  // Another egg brings its own image, command and values.
  watch(
    () => draft.egg,
    () => {
      const chosen = egg.value
      if (!chosen) return
      draft.image = chosen.images[0]?.image ?? chosen.docker_image
      draft.startup = chosen.commands[0]?.command ?? chosen.startup
    },
  )
  watch(
    variables,
    (all) =>
      (draft.environment = Object.fromEntries(
        all.map(({ env_variable: name, default_value: value }) => [name, value]),
      )),
  )

  const create = useSubmit((_: undefined) => api(managedServers.create, { body: bodyOf(draft) }), { inForm: true })

  /** A refusal is shown in the step that can mend it. */
  async function submit() {
    if (areVariablesLoading.value) return
    const server = await create.submit(undefined)
    if (server) return navigateTo(`/servers/${server.identifier}`)
    const [failure] = create.failure.value ? failuresOf(create.failure.value) : []
    const mended = failure && stepOfFailure(failure)
    if (mended && mended !== step.value) await go(mended)
  }

  const back = () => goBy(-1)
  const next = () => (step.value === 'startup' ? submit() : goBy(1))
  const failureOf = (one: WizardStep) => {
    const failure = create.failure.value
    if (!failure) return undefined
    const where = stepOfFailure(failuresOf(failure)[0]) ?? 'startup'
    return where === one ? failure : undefined
  }

  return {
    draft,
    step,
    at,
    go,
    back,
    next,
    canGo,
    catalogue,
    egg,
    variables,
    areVariablesLoading,
    variablesError,
    loadVariables,
    pending: create.pending,
    failureOf,
  }
}

/** The variables of the chosen egg, in the order in which players see them. */
export function useVariablesOf(egg: () => { id: number; nest: number } | undefined) {
  const variables = shallowRef<EggVariable[]>([])
  const error = shallowRef<unknown>()
  const isLoading = ref(false)

  async function load(): Promise<void> {
    const chosen = egg()
    variables.value = []
    error.value = undefined
    isLoading.value = !!chosen
    if (!chosen) return
    try {
      const found = await api(eggVariables.list, { params: { nest: String(chosen.nest), egg: String(chosen.id) } })
      if (egg()?.id === chosen.id) variables.value = found
    } catch (failure) {
      if (egg()?.id === chosen.id) error.value = failure
    } finally {
      if (egg()?.id === chosen.id) isLoading.value = false
    }
  }
  watch(
    () => egg()?.id,
    () => void load(),
    { immediate: true },
  )
  return { variables, isLoading, error, load }
}
