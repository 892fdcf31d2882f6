import type { IncomingHttpHeaders } from 'node:http'
import type { z } from 'zod'
import { useEnv } from '#server/env'
import { AppError } from '#server/errors'
import { bytesOf, failed, jsonOf, refusalOf, TooLong } from './answer'
import { breaker, type Contact } from './breaker'
import { connectionsTo, type WingsAddress } from './connections'

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

interface Ask {
  query?: Record<string, string | undefined>
  json?: unknown
  /** Sent as it is, with its length: Wings refuses a body in chunks. */
  bytes?: Uint8Array
  timeoutMs?: number
  /** How long it takes depends on what a person asked for: running out of time says nothing about the node. */
  mayDawdle?: boolean
  /** A longer body is not read. */
  maxBytes?: number
}

export interface WingsAnswer {
  headers: IncomingHttpHeaders
  bytes: Buffer
}

export interface WingsCall {
  /** Once the node has taken it, whatever it says. */
  (method: Method, path: string, ask?: Ask): Promise<void>
  <Reply extends z.ZodType>(method: Method, path: string, ask: Ask & { reply: Reply }): Promise<z.output<Reply>>
  /** The bytes themselves, and the headers. */
  raw(method: Method, path: string, ask?: Ask): Promise<WingsAnswer>
}

const READ_MAX_BYTES = 64 * 1024 * 1024

/** Nothing came back. `isTimeUp` when something still might have. */
class Silence extends Error {
  readonly isTimeUp: boolean
  constructor(cause: unknown, isTimeUp: boolean) {
    super('The node did not answer.', { cause })
    this.isTimeUp = isTimeUp
  }
}

/** The one way in which the panel speaks to a node. */
export function wingsCall(node: WingsAddress): WingsCall {
  async function raw(method: Method, path: string, ask: Ask = {}): Promise<WingsAnswer> {
    const contactOf = (error: unknown): Contact => {
      if (!(error instanceof Silence)) return 'answered'
      return error.isTimeUp && ask.mayDawdle ? 'unclear' : 'silent'
    }

    try {
      return await breaker.guarded(node.id, () => withEitherToken(node, method, path, ask), contactOf)
    } catch (error) {
      if (!(error instanceof Silence)) throw error
      if (contactOf(error) === 'unclear') void lookForLife(node)
      throw new AppError('node.unreachable', { cause: error })
    }
  }

  async function call(method: Method, path: string, { reply, ...ask }: Ask & { reply?: z.ZodType } = {}) {
    const { headers, bytes } = await raw(method, path, ask).catch((error: unknown) => {
      throw error instanceof TooLong ? failed(502, {}, error) : error
    })
    if (!reply) return
    const parsed = reply.safeParse(jsonOf(bytes))
    if (parsed.success) return parsed.data
    throw failed(502, headers, parsed.error)
  }

  return Object.assign(call as WingsCall, { raw })
}

/** A daemon may have taken a new token this very moment, and then knows the old one no more: it has done nothing of what it refuses so. */
async function withEitherToken(node: WingsAddress, method: Method, path: string, ask: Ask): Promise<WingsAnswer> {
  const { tokenSecret: next = node.apiToken } = node
  try {
    return await exchange(node, method, path, ask)
  } catch (error) {
    if (next === node.apiToken || !refusesToken(error)) throw error
    return exchange({ ...node, apiToken: next }, method, path, ask)
  }
}

/** A path of Wings with identifiers in it. What is no identifier is a bug of ours and goes nowhere. */
export function at(text: TemplateStringsArray, ...identifiers: string[]): string {
  for (const identifier of identifiers) {
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(identifier)) {
      throw new TypeError(`Not an identifier in a path of Wings: ${JSON.stringify(identifier)}`)
    }
  }
  return String.raw(text, ...identifiers)
}

/** One question, and the answer whole; reads are asked again when a connection breaks. One deadline for all of it. */
async function exchange(node: WingsAddress, method: Method, path: string, ask: Ask): Promise<WingsAnswer> {
  const signal = AbortSignal.timeout(ask.timeoutMs ?? useEnv().WINGS_TIMEOUT_MS)

  try {
    return await attempt(node, method, path, ask, signal)
  } catch (error) {
    // Only reads are safe to repeat: a second POST would start a second backup.
    if (method !== 'GET' || signal.aborted || !(error instanceof Silence || error instanceof Broken))
      throw settled(error)
  }

  return attempt(node, method, path, ask, signal).catch((error: unknown) => {
    throw settled(error)
  })
}

/** A success that broke off on its way. */
class Broken extends Error {
  readonly headers: IncomingHttpHeaders
  constructor(headers: IncomingHttpHeaders, cause: unknown) {
    super('The answer broke off.', { cause })
    this.headers = headers
  }
}

const settled = (error: unknown) => (error instanceof Broken ? failed(502, error.headers, error) : error)

async function attempt(
  node: WingsAddress,
  method: Method,
  path: string,
  ask: Ask,
  signal: AbortSignal,
): Promise<WingsAnswer> {
  const { pathname } = new URL(node.baseUrl)
  const response = await connectionsTo(node, ask.mayDawdle ? 'patient' : method === 'GET' ? 'reads' : 'writes')
    .request({
      method,
      path: pathname.replace(/\/+$/, '') + path,
      query: ask.query && definedOf(ask.query),
      headers: {
        authorization: `Bearer ${node.apiToken}`,
        accept: 'application/json',
        'content-type': ask.bytes ? 'application/octet-stream' : 'application/json',
        'user-agent': 'XyraPanel',
      },
      body: ask.bytes ?? (ask.json === undefined ? null : JSON.stringify(ask.json)),
      signal,
    })
    .catch((error: unknown) => {
      throw new Silence(error, signal.aborted)
    })

  const { statusCode: status, headers } = response
  const succeeded = status >= 200 && status < 300

  try {
    const bytes = await bytesOf(response, ask.maxBytes ?? READ_MAX_BYTES)
    if (succeeded) return { headers, bytes }
    throw refusalOf(status, headers, bytes)
  } catch (error) {
    if (error instanceof AppError || error instanceof TooLong) throw error
    // Of a refusal the status is enough: Wings itself ends some of them too early.
    if (!succeeded) throw refusalOf(status, headers, Buffer.alloc(0))
    if (signal.aborted) throw new Silence(error, true)
    throw new Broken(headers, error)
  }
}

const definedOf = (query: Record<string, string | undefined>) =>
  Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined))

const LIFE_TIMEOUT_MS = 5_000
const lookedFor = new Set<string>()

/** A call that may take long came to nothing. Whether the node is to blame shows in how it takes a question that cannot take long. */
async function lookForLife(node: WingsAddress): Promise<void> {
  if (lookedFor.has(node.id)) return
  lookedFor.add(node.id)

  const isSilent = () =>
    wingsCall(node)('GET', '/api/system', { timeoutMs: LIFE_TIMEOUT_MS }).then(
      () => false,
      (error: unknown) => hasCode(error, 'node.unreachable'),
    )

  while ((await isSilent()) && !breaker.isOpen(node.id));
  lookedFor.delete(node.id)
}

/** What an operation answers where the daemon does not know the call: not every flavour has all of them. */
export function whereUnknown<Value>(value: Value) {
  return (error: unknown): Value => {
    if (isStatus(error, 404)) return value
    throw error
  }
}

/** A refusal that says no more than that what should go is gone. */
export const goneAlready = whereUnknown<void>(undefined)

/** The node is there, and does not know the secret that it was called with. */
const refusesToken = (error: unknown): boolean => isStatus(error, 401) || isStatus(error, 403)

export function isStatus(error: unknown, status: number): boolean {
  return (hasCode(error, 'node.refused') || hasCode(error, 'node.failed')) && error.status === status
}

const hasCode = (error: unknown, code: AppError['code']): error is AppError =>
  error instanceof AppError && error.code === code
