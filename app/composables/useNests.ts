import { nests, type CreateNestBody, type UpdateNestBody } from '#shared/contracts/application/nests'

/** More nests than any panel has: they are shown at once. */
const ALL = 1000

/** The nests, without their eggs. */
export function useNests() {
  const { mayAdminister } = useSession()
  const { data, status, error, refresh } = useApi(nests.list, {
    query: { per_page: ALL },
    enabled: () => mayAdminister('nests'),
  })
  useEvents().refreshOn('administration', ({ what }) => what === 'nests', refresh)

  const create = useSubmit(
    async (body: CreateNestBody) => {
      const nest = await api(nests.create, { body })
      await refresh()
      return nest
    },
    { inForm: true },
  )

  const update = useSubmit(
    async ({ nest, body }: { nest: number; body: UpdateNestBody }) => {
      await api(nests.update, { params: { nest: String(nest) }, body })
      await refresh()
      return true
    },
    { inForm: true },
  )

  const remove = useSubmit(
    async (nest: number) => {
      await api(nests.remove, { params: { nest: String(nest) } })
      await refresh()
      return true
    },
    { success: 'nests.deleted' },
  )

  const items = computed(() => data.value?.items ?? [])
  return { items, isLoaded: computed(() => data.value !== undefined), status, error, refresh, create, update, remove }
}
