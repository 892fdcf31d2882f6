import {
  defineEventHandler,
  setResponseHeader,
  setResponseStatus,
  type EventHandler,
  type H3Event,
  type Router,
} from 'h3'
import { AppError } from '#server/errors'
import { signIn } from '#shared/contracts/client/sign-in'
import { pathOf, replyWithFailure } from './reply'

type Handlers = Record<string, EventHandler | undefined>

/** What no route answers, in the format of the API: a wrong verb, or an address that leads nowhere. */
export const unmatched = defineEventHandler((event) => {
  const path = pathOf(event)
  const handlers = handlersOf(event)
  if (!handlers) return replyWithFailure(event, new AppError('route.not_found', { values: { path } }))
  if (event.method === 'HEAD' && handlers.get) return handlers.get(event)

  setResponseHeader(event, 'allow', methodsOf(handlers))
  if (event.method === 'OPTIONS') {
    setResponseStatus(event, 204)
    return null
  }
  return replyWithFailure(event, new AppError('route.wrong_method', { values: { method: event.method, path } }))
})

/** The router names the route that fits the path, even where that has no handler for the method. */
function handlersOf(event: H3Event): Handlers | undefined {
  const route = event.context.matchedRoute as { path: string; handlers: Handlers } | undefined
  return !route || route.path.endsWith('/**') ? undefined : route.handlers
}

/** The router notes at a route what answered for it the last time. */
function methodsOf(handlers: Handlers): string {
  const named = Object.keys(handlers).filter((name) => name !== 'all' && handlers[name] !== unmatched)
  return [...named, ...(handlers.get ? ['head'] : []), 'options'].join(', ').toUpperCase()
}

const WRITES = ['POST', 'PUT', 'PATCH', 'DELETE'] as const

/** A page is read: whoever writes to one would be answered with its HTML, and take that for a success. */
export function refuseWritesToPages(router: Pick<Router, 'add'>): void {
  const signIns: { method: string; path: string }[] = Object.values(signIn)
  const taken = new Set(signIns.map(({ method, path }) => `${method} ${path}`))
  // Where a page has the same address as a route, the router would remember the page for every verb.
  const paths = new Set(['/**', ...signIns.map(({ path }) => path)])

  for (const path of paths)
    for (const method of WRITES)
      if (!taken.has(`${method} ${path}`)) router.add(path, unmatched, method.toLowerCase() as Lowercase<typeof method>)
}
