import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { DecodeError, parseJson, type Decode } from './decode.ts'

export interface Call {
  method: string
  path: string
  query: URLSearchParams
  headers: IncomingMessage['headers']
  params: Record<string, string>
  body: Buffer
  /** The body of what is taken in while it still comes, which `body` has none of. */
  arriving: () => Promise<Buffer>
  ip: string
  requestId: string
}

export interface Answer {
  status: number
  headers?: Record<string, string>
  body?: string | Uint8Array
  /** The socket closes before all that was announced has been sent. */
  isTorn?: boolean
}

/** An answer that says why not, in the words of the daemon. */
export class Refusal extends Error {
  readonly status: number
  readonly headers: Record<string, string>
  readonly namesRequest: boolean

  constructor(
    status: number,
    text: string,
    { headers = {}, namesRequest = false }: { headers?: Record<string, string>; namesRequest?: boolean } = {},
  ) {
    super(text)
    this.status = status
    this.headers = headers
    this.namesRequest = namesRequest
  }
}

export const empty = (status: 200 | 202 | 204): Answer => ({ status })

export function json(status: number, value: unknown): Answer {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(value) }
}

export const newRequestId = () => randomUUID()

/** @throws {Refusal} 400 */
export function readJson<T>(call: Call, decode: Decode<T>): T {
  if (call.body.length === 0) throw new Refusal(400, 'EOF')
  try {
    return decode(parseJson(call.body.toString('utf8')), '')
  } catch (error) {
    if (error instanceof DecodeError) throw new Refusal(400, error.message, { namesRequest: true })
    throw error
  }
}

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

export function send(response: ServerResponse, { status, headers = {}, body = '', isTorn = false }: Answer): void {
  const bytes = typeof body === 'string' ? Buffer.from(body) : Buffer.from(body)
  const hasBody = status !== 204
  response.writeHead(status, {
    ...headers,
    ...(hasBody ? { 'content-length': String(bytes.length + (isTorn ? 64 : 0)) } : {}),
  })
  if (!isTorn) {
    response.end(hasBody ? bytes : undefined)
    return
  }
  response.write(bytes.subarray(0, Math.max(1, Math.floor(bytes.length / 2))), () => response.destroy())
}
