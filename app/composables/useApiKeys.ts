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

interface Named {
  identifier: string
  description: string
}

/** What a page of keys of either kind asks: the form of a new one, its secret once, and whether one shall really go. */
function useKeyDialogs<Body, Key extends Named>({
  create,
  remove,
}: {
  create: Pick<ReturnType<typeof useSubmit<Body, MadeKey>>, 'submit' | 'failure'>
  remove: Pick<ReturnType<typeof useSubmit<Key, void>>, 'submit'>
}) {
  const { t } = useI18n()
  const confirm = useConfirm()
  const isCreating = ref(false)
  const made = shallowRef<MadeKey>()

  function startCreate() {
    create.failure.value = undefined
    isCreating.value = true
  }

  async function onCreate(body: Body) {
    made.value = await create.submit(body)
    if (made.value) isCreating.value = false
  }

  async function onRemove(key: Key) {
    const name = key.description || key.identifier
    const isMeant = await confirm({
      title: t('apiKey.delete.title', { name }),
      body: t('apiKey.delete.body'),
      action: t('apiKey.delete.submit'),
      icon: 'i-lucide-trash-2',
    })
    if (isMeant) await remove.submit(key)
  }

  return { isCreating, made, startCreate, onCreate, onRemove }
}

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

  return { data, status, error, refresh, create, ...useKeyDialogs({ create, remove }) }
}

/** The application keys of everybody, as the administration lists them. */
export function useApplicationKeys({ query }: { query: ListQuery }) {
  const { mayAdminister } = useSession()
  const asked = () => ({
    page: query.page.value,
    per_page: query.perPage.value,
    sort: query.sort.value || undefined,
    filter: { '*': query.term.value, state: query.filter('state').join(',') },
  })
  const { data, status, error, refresh } = useApi(applicationKeys.list, {
    query: asked,
    enabled: () => mayAdminister('api_keys'),
  })
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

  return { data, status, error, refresh, create, toggle, ...useKeyDialogs({ create, remove }) }
}
