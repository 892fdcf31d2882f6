import { defineEventHandler, getRouterParams, setResponseStatus, type EventHandler, type H3Event } from 'h3'
import type { z } from 'zod'
import type { Person } from '#server/auth/actor'
import { AppError } from '#server/errors'
import type { Endpoint, Given, ParamName, Params, Parsed, Schemas, Signature } from '#shared/contracts/endpoint'
import type { AdminResource, Level, ServerPermission } from '#shared/permissions'
import { readDocument, readInput, readQueryAndBody, refuseTooLarge } from './input'
import { panelAddress } from './panel-address'
import { parse } from './parse'
import { answeredBytes, isRedirected, pathOf, replyWithFailure, writeReply } from './reply'

/** The right of the administration that a guard asks for, for whoever lists them: of several, any one. */
export interface AskedRight {
  resources: readonly AdminResource[]
  level: Level
}

/** Whom a guard lets in: for the document of the API, and for the tables of who may do what. */
export type Admission =
  | { who: 'anyone' }
  | { who: 'person'; isBrowserOnly?: boolean; takesNarrowedKeys?: boolean }
  /** Tied to the server of the path; of several permissions the request decides which it takes, one or all. */
  | { who: 'server'; permissions: readonly ServerPermission[] }
  | { who: 'administrator'; isBrowserOnly?: boolean; takesDeployKeys?: boolean }
  | { who: 'node' }

/** Lets the request through and says what it learned on the way, or throws. */
export type Guard<Context extends object> = ((event: H3Event) => Promise<Context>) & {
  asks?: AskedRight
  admits?: Admission
}

/** Lets in whom the first guard does, of those whom the second does not refuse. */
export function andThen<First extends object, Context extends object>(
  guard: Guard<First>,
  next: (event: H3Event, through: First) => Promise<Context>,
  admits = guard.admits,
): Guard<Context> {
  const both = async (event: H3Event) => next(event, await guard(event))
  return Object.assign(both, guard.asks && { asks: guard.asks }, admits && { admits })
}

export const admitting = <Context extends object>(admits: Admission, guard: Guard<Context>): Guard<Context> =>
  Object.assign(guard, { admits })

/** What a guard must bring, read from the path: nobody can name a server, or anything of a node's, and forget to ask whose it is. */
export type Owned<Sign extends Signature> = Sign extends `${string} /api/remote/${string}`
  ? { [Name in Extract<ParamName<Sign>, 'server' | 'backup'>]: object }
  : Sign extends
        | `${string} /api/client/servers/:server${string}`
        | `${string} /api/application/servers/:server${string}`
    ? { [Name in Extract<ParamName<Sign>, 'server' | 'backup'>]: object }
    : Sign extends `${string} /api/application/nodes/:node${string}`
      ? { node: object }
      : object

interface RouteOptions<E extends Endpoint, Context extends object> {
  /** There is no default: a route that nobody guarded does not compile. */
  access: Guard<Context>
  handle: (
    request: Context & {
      event: H3Event
      url: URL
      params: Params<E>
      query: Parsed<E, 'query'>
      body: Parsed<E, 'body'>
    },
  ) => Promise<E['schemas']['reply'] extends z.ZodType ? Given<E, 'reply'> : void>
}

export type Route<E extends Endpoint = Endpoint> = EventHandler & { endpoint: E; access: Guard<object> }

/** The only way to write a route: guard, then parse, then handle, then answer as the contract promised. */
export function defineRoute<Sign extends Signature, S extends Schemas, Context extends Owned<Sign>>(
  endpoint: Endpoint<Sign, S>,
  { access, handle }: RouteOptions<Endpoint<Sign, S>, Context>,
): Route<Endpoint<Sign, S>> {
  const { params, query, body, reply, status } = endpoint.schemas as Schemas

  const handler = defineEventHandler(async (event) => {
    try {
      refuseTooLarge(event)
      // No id holds a NUL, and the database could not be asked for one.
      if (/%00|\0/.test(pathOf(event))) throw new AppError('resource.not_found')
      event.context.endpoint = endpoint
      const context = await access(event)
      if (params?.safeParse(getRouterParams(event, { decode: true })).success === false)
        throw new AppError('resource.not_found')
      const read = query && parse(query, await readQueryAndBody(event, { hasFields: body !== undefined }))
      const answer = await handle({
        ...context,
        event,
        url: new URL(event.path.replace(/^\/+/, '/'), panelAddress(event)), // as stored at set-up: a Host header decides nothing
        params: getRouterParams(event, { decode: true }),
        query: read,
        body: body && parse(body, await given(event, endpoint.path)),
      } as Parameters<typeof handle>[0])
      await includeSecondLevel(endpoint, context, read, answer)

      const bytes = answeredBytes(event)
      if (bytes) return bytes
      if (isRedirected(event)) return ''
      setResponseStatus(event, reply ? (status ?? 200) : 204)
      return reply ? writeReply(event, reply, answer) : null
    } catch (thrown) {
      return replyWithFailure(event, thrown)
    }
  })

  return Object.assign(handler, { endpoint, access })
}

/** Of the administration alone: nothing else has more than one. Loaded by who asks for it. */
async function includeSecondLevel(
  { path }: Endpoint,
  { actor }: { actor?: Person },
  query: unknown,
  answer: unknown,
): Promise<void> {
  const asked = (query as { include?: string[] } | undefined)?.include ?? []
  if (!actor || !path.startsWith('/api/application/') || !asked.some((name) => name.includes('.'))) return
  const { includeWithin } = await import('./include-within')
  await includeWithin(actor, asked, answer)
}

/** What Wings says is taken as it is; everybody else's manners are the API's. */
function given(event: H3Event, path: string): Promise<unknown> {
  if (path.startsWith('/api/remote/')) return readDocument(event)
  return readInput(event, {
    keepsBlanks: /^\/api\/client\/servers\/:server\/files\b|^\/api\/application\/nests\/:nest\/eggs\b/.test(path),
  })
}
