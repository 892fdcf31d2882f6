import type { Endpoint, Given, Params, ParamName, SignatureOf } from '#shared/contracts/endpoint'
import { unwrap, type Answer } from '#shared/contracts/envelope'

export interface ApiError {
  statusCode?: number
  message: string
  data?: unknown
  requestId?: string
}

type ParamsOption<E> = [ParamName<SignatureOf<E>>] extends [never] ? { params?: undefined } : { params: Params<E> }
export type CallOptions<E extends Endpoint> = ParamsOption<E> & {
  query?: Given<E, 'query'>
  body?: Given<E, 'body'>
  signal?: AbortSignal
}

type Reader<T> = T | (() => T)
type ReadParams<E> = [ParamName<SignatureOf<E>>] extends [never]
  ? { params?: undefined }
  : { params: MaybeRefOrGetter<Params<E>> }
export type ReadOptions<E extends Endpoint> = ReadParams<E> & {
  query?: MaybeRefOrGetter<Given<E, 'query'>>
  /** While it answers false nothing is asked. */
  enabled?: Reader<boolean>
}

interface FetchOptions {
  method: string
  body?: Record<string, unknown> | string | Blob
  headers?: Record<string, string>
  signal?: AbortSignal
}

/** Contracts type our calls; `$fetch` would look each address up among all routes, and gives up on so many. */
const plain = (fetch: unknown) => fetch as (url: string, options: FetchOptions) => Promise<unknown>

async function call(url: string, options: FetchOptions): Promise<unknown> {
  try {
    return await plain($fetch)(url, options)
  } catch (error) {
    // Signed out elsewhere, or ended by an administrator: the page that asked can do nothing about it.
    const nuxtApp = useNuxtApp()
    if (statusOf(error) === 401) void nuxtApp.callHook('session:ended')
    if (!options.signal?.aborted) notePanelAway(error)
    await nuxtApp.$language?.needFailures().catch(() => undefined)
    throw Object.assign(error as Error, { requestId: requestIdOf(error) })
  }
}

/** Calls an endpoint once. For actions: creating, changing, deleting. */
export async function api<E extends Endpoint>(
  endpoint: E,
  ...[options]: Params<E> extends Record<string, never> ? [CallOptions<E>?] : [CallOptions<E>]
): Promise<Answer<E>> {
  const nuxtApp = useNuxtApp()
  const { params, query, body, signal } = (options ?? {}) as {
    params?: Record<string, string>
    query?: Record<string, unknown>
    body?: Record<string, unknown>
    signal?: AbortSignal
  }
  const reply = await nuxtApp.runWithContext(() =>
    call(urlOf(endpoint, params, query), { method: endpoint.method, body, signal }),
  )
  return unwrap(reply) as Answer<E>
}

/** Sends text or a file as it is, for what takes a file's bytes. */
export async function sendText<E extends Endpoint>(
  endpoint: E,
  { params, query, text }: { params: Params<E>; query: Given<E, 'query'>; text: string | Blob },
): Promise<Answer<E>> {
  const nuxtApp = useNuxtApp()
  const headers = { 'content-type': 'text/plain; charset=utf-8' }
  const reply = await nuxtApp.runWithContext(() =>
    call(urlOf(endpoint, params as Record<string, string>, query as Record<string, unknown>), {
      method: endpoint.method,
      body: text,
      headers,
    }),
  )
  return unwrap(reply) as Answer<E>
}

/** Sends a file's bytes to what takes nothing beside them. */
export async function sendBytes<E extends Endpoint>(
  endpoint: E,
  bytes: Blob,
  params: Record<string, string> = {},
): Promise<Answer<E>> {
  const nuxtApp = useNuxtApp()
  const headers = { 'content-type': 'application/octet-stream' }
  const reply = await nuxtApp.runWithContext(() =>
    call(urlOf(endpoint, params), { method: endpoint.method, body: bytes, headers }),
  )
  return unwrap(reply) as Answer<E>
}

/** Reads an endpoint into the page, and again whenever its address changes. What was read stays while the next is on its way. */
export function useApi<E extends Endpoint>(endpoint: E, options: ReadOptions<E> = {} as ReadOptions<E>) {
  const nuxtApp = useNuxtApp()
  const url = computed(() =>
    urlOf(
      endpoint,
      toValue(options.params as MaybeRefOrGetter<Record<string, string> | undefined>),
      toValue(options.query) as Record<string, unknown> | undefined,
    ),
  )
  const enabled = computed(() =>
    typeof options.enabled === 'function' ? options.enabled() : (options.enabled ?? true),
  )
  const kept = shallowRef<{ url: string; path: string; answer: Answer<E> }>()
  const pathOf = (address: string) => address.split('?', 1).join()

  const asked = useAsyncData<Answer<E>, ApiError>(
    () => url.value,
    async (_, { signal }) =>
      unwrap(await nuxtApp.runWithContext(() => call(url.value, { method: 'GET', signal }))) as Answer<E>,
    { immediate: enabled.value, deep: false },
  )
  watch(enabled, (is) => is && void asked.execute())
  watch(
    asked.data,
    (answer) =>
      answer !== undefined && (kept.value = { url: url.value, path: pathOf(url.value), answer: answer as Answer<E> }),
    { immediate: true },
  )

  // Another page of the same list replaces what is shown when it is there; another server's list is no such thing.
  const data = computed(() => {
    if (asked.data.value !== undefined) return asked.data.value as Answer<E>
    return kept.value?.path === pathOf(url.value) ? kept.value.answer : undefined
  })
  /** A hint that something changed is none to ask for what is not asked for at all. */
  const refresh = async (): Promise<void> => {
    if (enabled.value) await asked.refresh()
  }
  // What stands on the page stays, with all that was typed into it, while somebody is silent; the strips tell of that.
  const error = computed(() =>
    isAway(asked.error.value) && kept.value?.url === url.value ? undefined : asked.error.value,
  )
  useComeback(() => enabled.value && asked.error.value, refresh)
  return { data, status: asked.status, error, refresh }
}
