import { createHash } from 'node:crypto'
import { AwsV4Signer } from 'aws4fetch'
import { Agent, request } from 'undici'
import { AppError } from '#server/errors'
import { addressOf, type Bucket } from './bucket'
import { textOf } from './xml'

type Method = 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'

interface Ask {
  query?: Record<string, string>
  headers?: Record<string, string>
  body?: string
  timeoutMs?: number
}

interface StoreAnswer {
  headers: Record<string, string | string[] | undefined>
  text: string
}

const TIMEOUT_MS = 10_000
const CONNECT_TIMEOUT_MS = 5_000
const READ_MAX_BYTES = 1024 * 1024
const SAID_MAX = 300

/** The store's own words for why not, and its status, which is not ours to hand on. */
export class StoreRefusal extends AppError<'object_store.refused'> {
  readonly storeStatus: number
  constructor(storeStatus: number, text: string) {
    const code = textOf(text, 'Code') ?? `HTTP ${storeStatus}`
    const said = (textOf(text, 'Message') ?? '').slice(0, SAID_MAX)
    super('object_store.refused', { values: { code, said } })
    this.storeStatus = storeStatus
  }
}

let agent: Agent | undefined

const connections = (): Agent =>
  (agent ??= new Agent({ connect: { timeout: CONNECT_TIMEOUT_MS }, headersTimeout: 0, bodyTimeout: 0 }))

/**
 * One signed question, asked once. A redirect is an answer like any other refusal: it would carry the signature elsewhere.
 *
 * @throws {AppError} `object_store.unreachable`, `object_store.refused`
 */
export async function call(bucket: Bucket, method: Method, key: string, ask: Ask = {}): Promise<StoreAnswer> {
  const { body, timeoutMs = TIMEOUT_MS } = ask
  const url = addressOf(bucket, key)
  for (const [name, value] of Object.entries(ask.query ?? {})) url.searchParams.set(name, value)
  const signed = await new AwsV4Signer({
    method,
    url: url.href,
    headers: {
      ...ask.headers,
      'x-amz-content-sha256': createHash('sha256')
        .update(body ?? '')
        .digest('hex'),
    },
    ...keysOf(bucket),
  }).sign()

  const signal = AbortSignal.timeout(timeoutMs)
  try {
    const response = await request(signed.url, {
      method,
      headers: Object.fromEntries(signed.headers),
      body: body ?? null,
      dispatcher: connections(),
      signal,
    })
    const text = await read(response.body)
    if (response.statusCode < 200 || response.statusCode >= 300) throw new StoreRefusal(response.statusCode, text)
    return { headers: response.headers, text }
  } catch (error) {
    if (error instanceof AppError) throw error
    const trouble = signal.aborted ? `no answer within ${timeoutMs / 1000} s` : troubleOf(error)
    throw new AppError('object_store.unreachable', { values: { trouble }, cause: error })
  }
}

async function read(body: AsyncIterable<Uint8Array> & { destroy(): unknown }): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.length
    if (length > READ_MAX_BYTES) break
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function troubleOf(error: unknown): string {
  const causes = error instanceof AggregateError ? (error.errors as unknown[]) : [error]
  const messages = causes.flatMap((cause) => (cause instanceof Error && cause.message ? [cause.message] : []))
  return messages.join(', ').slice(0, SAID_MAX) || 'no connection'
}

/** For whoever holds the address, until it ends. Only the host is signed, so that the caller may send headers of its own. */
export async function presign(
  bucket: Bucket,
  method: 'GET' | 'PUT',
  key: string,
  { query = {}, seconds, keys }: { query?: Record<string, string>; seconds: number; keys?: Map<string, ArrayBuffer> },
): Promise<string> {
  const url = addressOf(bucket, key)
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  url.searchParams.set('X-Amz-Expires', String(seconds))
  const signed = await new AwsV4Signer({
    method,
    url: url.href,
    signQuery: true,
    ...(keys && { cache: keys }),
    ...keysOf(bucket),
  }).sign()
  return signed.url.href
}

const keysOf = ({ accessKeyId, secretAccessKey, region }: Bucket) =>
  ({ accessKeyId, secretAccessKey, region, service: 's3' }) as const
