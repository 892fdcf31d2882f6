import type { IncomingHttpHeaders } from 'node:http'
import { z } from 'zod'
import { AppError } from '#server/errors'

/** The answer is longer than who asked wants to read. */
export class TooLong extends Error {}

interface Readable {
  headers: IncomingHttpHeaders
  body: AsyncIterable<Uint8Array> & { destroy(): unknown }
}

export async function bytesOf({ headers, body }: Readable, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let length = Number(headers['content-length'] ?? 0) > maxBytes ? Number.POSITIVE_INFINITY : 0

  if (length <= maxBytes) {
    for await (const chunk of body) {
      length += chunk.length
      if (length > maxBytes) break
      chunks.push(chunk)
    }
  }

  if (length > maxBytes) {
    body.destroy()
    throw new TooLong(`More than ${maxBytes} bytes.`)
  }

  return Buffer.concat(chunks)
}

const wingsError = z.object({ error: z.string(), request_id: z.string().optional() })

/** Below 500 the node says what is wrong with the request, and that travels on; what is wrong with the node itself stays there. */
export function refusalOf(status: number, headers: IncomingHttpHeaders, bytes: Buffer): AppError {
  if (status < 400) return failed(502, headers, new Error(`The node answered with ${status}.`))
  if (status >= 500) return failed(status, headers, new Error(bytes.toString('utf8', 0, 1000)))

  const said = wingsError.safeParse(jsonOf(bytes))
  const error = said.success ? said.data.error.slice(0, 1000) : `HTTP ${status}`
  return new AppError('node.refused', {
    status,
    values: { error, requestId: requestIdOf(headers, said.data?.request_id) },
  })
}

/** The node is to blame, with its status. */
export function failed(status: number, headers: IncomingHttpHeaders, cause: unknown): AppError {
  return new AppError('node.failed', { status, values: { status, requestId: requestIdOf(headers) }, cause })
}

/** Present on every answer, whatever the body says. */
const requestIdOf = (headers: IncomingHttpHeaders, said?: string) => String(headers['x-request-id'] ?? said ?? '<nil>')

/** By trying: Wings calls some of its JSON plain text. */
export function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}
