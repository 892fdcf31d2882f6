interface Group {
  name: string
  description: string
  endpoints: Endpoint[]
}

/** The document of the API, as this panel serves it, with what is searched for and what is looked at. */
export function useApiDocument() {
  const route = useRoute()
  const router = useRouter()
  const { data, error, refresh } = useLazyAsyncData('api-document', () =>
    ($fetch as unknown as (url: string) => Promise<ApiDocument>)('/api/openapi.json'),
  )

  const term = ref('')
  const all = computed(() => (data.value ? endpointsOf(data.value) : []))
  const found = computed(() => {
    const words = term.value.toLowerCase().split(/\s+/).filter(Boolean)
    return all.value.filter((endpoint) => {
      const text =
        `${endpoint.method} ${endpoint.path} ${endpoint.summary ?? ''} ${endpoint.tags.join(' ')}`.toLowerCase()
      return words.every((word) => text.includes(word))
    })
  })
  const groups = computed<Group[]>(() =>
    (data.value?.tags ?? [])
      .map((tag) => ({ ...tag, endpoints: found.value.filter(({ tags }) => tags.includes(tag.name)) }))
      .filter(({ endpoints }) => endpoints.length > 0),
  )

  const shown = computed(() => all.value.find(({ operationId }) => operationId === route.query.operation))
  const linkTo = (endpoint?: Endpoint) => ({
    path: '/docs/api',
    query: endpoint ? { operation: endpoint.operationId } : {},
  })
  const close = () => router.push(linkTo())

  return { document: data, error, refresh, term, all, groups, shown, linkTo, close }
}
