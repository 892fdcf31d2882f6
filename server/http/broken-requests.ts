import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { AppError } from '#server/errors'
import { serializeFailure } from '#server/serializers/failure'

/** What came is nothing that a route could be asked with. It is refused in the format of the API all the same. */
export function refuseBroken(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const failure = failureOf(error.code)
  const body = JSON.stringify({ errors: serializeFailure(failure) })
  const head = [
    `HTTP/1.1 ${failure.status} ${STATUS_CODES[failure.status]}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    'cache-control: no-store',
    'connection: close',
  ]
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
  socket.destroySoon()
}

function failureOf(code: string | undefined): AppError {
  if (code === 'HPE_HEADER_OVERFLOW') return new AppError('request.head_too_large')
  return new AppError('request.broken', code === 'ERR_HTTP_REQUEST_TIMEOUT' ? { status: 408 } : {})
}
