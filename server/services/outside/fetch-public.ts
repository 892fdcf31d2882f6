import { lookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { Agent, request, type Dispatcher } from 'undici'
import { AppError } from '#server/errors'
import { isPrivate } from '#server/services/files/assert-public'

const WITHIN_MS = 10_000
const CONNECT_WITHIN_MS = 5_000
const REDIRECTS_MAX = 3

export interface Fetched {
  bytes: Buffer
  etag: string | null
}

interface FetchPublic {
  maxBytes: number
  /** What it was called when it was read last: an unchanged document is not sent again. */
  etag?: string | null
  /** Whoever runs the panel trusts what stands on its own network. */
  allowsPrivate: boolean
}

class PrivateHost extends Error {}

/** Asked at the very moment of connecting, so that a name that changes after it was looked at gains nothing. */
const publicLookup: LookupFunction = (host, options, done) => {
  lookup(host, { ...options, all: true }, (error, found) => {
    if (error) return done(error, [])
    if (found.length === 0 || found.some(({ address }) => isPrivate(address))) return done(new PrivateHost(host), [])
    if (options.all) return done(null, found)
    done(null, found[0]?.address ?? '', found[0]?.family)
  })
}

let toPublic: Agent | undefined
let toAnybody: Agent | undefined
const agentFor = (allowsPrivate: boolean): Agent =>
  allowsPrivate
    ? (toAnybody ??= new Agent({ connect: { timeout: CONNECT_WITHIN_MS } }))
    : (toPublic ??= new Agent({ connect: { timeout: CONNECT_WITHIN_MS, lookup: publicLookup } }))

/**
 * Reads a document from the internet at large, whose address somebody has typed. Each redirect is held to the same rules.
 * Null: it is what `etag` names.
 *
 * @throws {AppError} `outside.refused`, `outside.unreachable`, `outside.failed`, `outside.too_large`
 */
export async function fetchPublic(address: string, options: FetchPublic): Promise<Fetched | null> {
  const signal = AbortSignal.timeout(WITHIN_MS)
  let at = address
  for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects++) {
    const url = assertAllowed(at, options)
    const response = await ask(url, options, signal)
    const { statusCode: status, headers } = response
    if (status === 304) return drained(response, null)

    const { location } = headers
    if (status >= 300 && status < 400 && typeof location === 'string') {
      await drained(response, null)
      at = URL.parse(location, url)?.href ?? ''
      continue
    }
    if (status !== 200) {
      await drained(response, null)
      throw new AppError('outside.failed', { values: { host: url.host, status } })
    }
    return { bytes: await bytesOf(response, url, options.maxBytes), etag: headers.etag?.toString() ?? null }
  }
  throw new AppError('outside.failed', { values: { host: hostOf(address), status: 310 } })
}

function assertAllowed(given: string, { allowsPrivate }: FetchPublic): URL {
  const url = URL.parse(given)
  const isPlain = url && ['http:', 'https:'].includes(url.protocol) && !url.username && !url.password
  if (!isPlain) throw new AppError('outside.refused', { values: { host: hostOf(given) } })
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (!allowsPrivate && isIP(host) && isPrivate(host)) throw new AppError('outside.refused', { values: { host } })
  return url
}

async function ask(url: URL, { etag, allowsPrivate }: FetchPublic, signal: AbortSignal) {
  try {
    return await request(url, {
      dispatcher: agentFor(allowsPrivate),
      headers: { accept: '*/*', 'user-agent': 'XyraPanel', ...(etag && { 'if-none-match': etag }) },
      signal,
    })
  } catch (cause) {
    throw new AppError(cause instanceof PrivateHost ? 'outside.refused' : 'outside.unreachable', {
      values: { host: url.host },
      cause,
    })
  }
}

async function bytesOf({ body }: Dispatcher.ResponseData, url: URL, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > maxBytes) throw new AppError('outside.too_large', { values: { host: url.host } })
      chunks.push(chunk)
    }
  } catch (cause) {
    body.destroy()
    if (cause instanceof AppError) throw cause
    throw new AppError('outside.unreachable', { values: { host: url.host }, cause })
  }
  return Buffer.concat(chunks)
}

/** What nobody reads is thrown away. */
async function drained<Value>({ body }: Dispatcher.ResponseData, value: Value): Promise<Value> {
  await body.dump().catch(() => undefined)
  return value
}

const hostOf = (address: string): string => (URL.parse(address)?.host || address).slice(0, 200)
