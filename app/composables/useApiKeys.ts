import { apiKeys, type ApiKey, type CreateApiKeyBody } from '#shared/contracts/client/api-keys'
import {
  applicationKeys,
  type ApplicationKey,
  type CreateApplicationKeyBody,
} from '#shared/contracts/application/api-keys'

const WITH_LIMITS = { include: 'limits' }

/** A key that was just made, whole. */
export interface MadeKey {
  token: string
  name: string
}

interface Answered {
  identifier: string
  description: string
  meta: { secret_token: string }
}

const madeOf = ({ identifier, description, meta }: Answered): MadeKey => ({
  token: identifier + meta.secret_token,
  name: description,
})

/** The keys of one's own account. */
export function useApiKeys() {
  const { data, status, error, refresh } = useApi(apiKeys.list, { query: WITH_LIMITS })

  const create = useSubmit(
    async (body: CreateApiKeyBody) => {
      const made = madeOf(await api(apiKeys.create, { body }))
      await refresh()
      return made
    },
    { inForm: true },
  )

  const remove = useSubmit(
    async ({ identifier }: Pick<ApiKey, 'identifier'>) => {
      await api(apiKeys.remove, { params: { identifier } })
      await refresh()
    },
    { success: 'apiKey.deleted' },
  )

  return { data, status, error, refresh, create, remove }
}

/** The application keys of everybody, as the administration lists them. */
export function useApplicationKeys({ query }: { query: ListQuery }) {
  const asked = () => ({
    page: query.page.value,
    per_page: query.perPage.value,
    sort: query.sort.value || undefined,
    filter: { '*': query.term.value, state: query.filter('state').join(',') },
  })
  const { data, status, error, refresh } = useApi(applicationKeys.list, { query: asked })
  useEvents().refreshOn('administration', ({ what }) => what === 'api_keys', refresh)

  const create = useSubmit(
    async (body: CreateApplicationKeyBody) => {
      const made = madeOf(await api(applicationKeys.create, { body }))
      await refresh()
      return made
    },
    { inForm: true },
  )

  const toggle = useSubmit(async ({ identifier, state }: Pick<ApplicationKey, 'identifier' | 'state'>) => {
    await api(applicationKeys.update, { params: { identifier }, body: { enabled: state === 'off' } })
    await refresh()
  })

  const remove = useSubmit(
    async ({ identifier }: Pick<ApplicationKey, 'identifier'>) => {
      await api(applicationKeys.remove, { params: { identifier } })
      await refresh()
    },
    { success: 'apiKey.deleted' },
  )

  return { data, status, error, refresh, create, toggle, remove }
}
