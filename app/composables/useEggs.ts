import {
  eggs,
  eggVariables,
  type CreateEggBody,
  type CreateEggVariableBody,
  type UpdateEggBody,
  type UpdateEggVariableBody,
} from '#shared/contracts/application/eggs'
import type { Given } from '#shared/contracts/endpoint'

const isAboutEggs = ({ what }: { what: string }) => what === 'eggs' || what === 'nests'

/** All eggs, of all nests. */
export function useEggs() {
  const { mayAdminister } = useSession()
  const { data, status, error, refresh } = useApi(eggs.list, { enabled: () => mayAdminister('eggs') })
  useEvents().refreshOn('administration', isAboutEggs, refresh)

  const create = useSubmit(
    ({ nest, body }: { nest: number; body: Given<typeof eggs.create, 'body'> }) =>
      api(eggs.create, { params: { nest: String(nest) }, body }),
    { inForm: true },
  )

  const remove = useSubmit(
    async (egg: number) => {
      await api(eggs.remove, { params: { egg: String(egg) } })
      await refresh()
      return true
    },
    { success: 'eggs.deleted' },
  )

  return { data, status, error, refresh, create, remove }
}

/** One egg with all that its forms need. */
export function useEgg(number: MaybeRefOrGetter<string>) {
  const { mayAdminister } = useSession()
  const { data, status, error, refresh } = useApi(eggs.get, {
    params: () => ({ egg: toValue(number) }),
    enabled: () => mayAdminister('eggs'),
  })
  useEvents().refreshOn('administration', isAboutEggs, refresh)

  const update = useSubmit(
    async (body: Given<typeof eggs.update, 'body'>) => {
      const egg = data.value
      if (!egg) return false
      await api(eggs.update, { params: { nest: String(egg.nest), egg: String(egg.id) }, body })
      await refresh()
      return true
    },
    { success: 'eggs.saved', inForm: true },
  )

  return { data, status, error, refresh, update }
}

/** Its variables, in the order in which players see them. */
export function useEggVariables(egg: () => { id: number; nest: number }) {
  const params = () => ({ nest: String(egg().nest), egg: String(egg().id) })
  const { data, status, error, refresh } = useApi(eggVariables.list, { params })
  useEvents().refreshOn('administration', isAboutEggs, refresh)

  const create = useSubmit(
    async (body: Given<typeof eggVariables.create, 'body'>) => {
      const made = await api(eggVariables.create, { params: params(), body })
      await refresh()
      return made
    },
    { inForm: true },
  )

  const update = useSubmit(
    async ({ variable, body }: { variable: number; body: Given<typeof eggVariables.update, 'body'> }) => {
      await api(eggVariables.update, { params: { ...params(), variable: String(variable) }, body })
      await refresh()
      return true
    },
    { success: 'eggs.saved', inForm: true },
  )

  const order = useSubmit(async (ids: number[]) => {
    await api(eggVariables.order, { params: params(), body: { order: ids } })
    await refresh()
  })

  const remove = useSubmit(
    async (variable: number) => {
      await api(eggVariables.remove, { params: { ...params(), variable: String(variable) } })
      await refresh()
      return true
    },
    { success: 'eggs.variables.deleted' },
  )

  return { data, status, error, refresh, create, update, order, remove }
}

export type { CreateEggBody, CreateEggVariableBody, UpdateEggBody, UpdateEggVariableBody }
