import { eggSources, type EggSource } from '#shared/contracts/application/egg-sources'
import type { Given } from '#shared/contracts/endpoint'

/** Indexes of eggs at addresses, with what each names. */
export function useEggSources(enabled: () => boolean = () => true) {
  const { data, error, refresh } = useApi(eggSources.list, { enabled })
  useEvents().refreshOn('administration', ({ what }) => what === 'eggs' && enabled(), refresh)
  const items = computed(() => data.value ?? [])

  const paramsOf = ({ id }: EggSource) => ({ eggSource: id })
  const done = async <Result>(told: Promise<Result>) => {
    const result = await told
    await refresh()
    return result
  }

  const create = useSubmit((body: Given<typeof eggSources.create, 'body'>) => done(api(eggSources.create, { body })), {
    inForm: true,
  })
  const toggle = useSubmit((source: EggSource) =>
    done(api(eggSources.update, { params: paramsOf(source), body: { enabled: !source.enabled } })),
  )
  const read = useSubmit((source: EggSource) => done(api(eggSources.refresh, { params: paramsOf(source) })))
  const remove = useSubmit((source: EggSource) => done(api(eggSources.remove, { params: paramsOf(source) })), {
    success: 'eggs.sources.deleted',
  })

  return { items, isLoaded: computed(() => data.value !== undefined), error, refresh, create, toggle, read, remove }
}
