import type { IncomingMessage } from 'node:http'
import { AppError } from '#server/errors'

/** Larger than any document of the API; what a file may weigh is the node's matter. */
export const BODY_MAX_BYTES = 64 * 1024 * 1024

/** A caller that says nothing for so long in the middle of its body is gone; a daemon itself gives up after as long. */
const SILENCE_MAX_MS = 30_000

/**
 * The body's bytes as they come in. Who goes away in the middle of it ends the request at once, also while nobody was
 * listening yet, and who sends too much is read no further.
 *
 * @throws {AppError} `request.malformed`, `request.too_large`
 */
export function receiveBody(request: IncomingMessage, maxBytes = BODY_MAX_BYTES): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const broken = (fault: string) => refuse(new AppError('request.malformed', { values: { fault } }))
    const silence = setTimeout(() => broken('the rest of the body did not come'), SILENCE_MAX_MS)

    function refuse(error: AppError): void {
      leave()
      reject(error)
    }
    function take(chunk: Buffer): void {
      silence.refresh()
      size += chunk.length
      chunks.push(chunk)
      if (size > maxBytes) refuse(new AppError('request.too_large'))
    }
    function end(): void {
      leave()
      resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks))
    }
    function goneAway(): void {
      broken('it ended before its time')
    }
    function leave(): void {
      clearTimeout(silence)
      request.off('data', take).off('end', end).off('error', goneAway).off('close', goneAway)
    }

    request.on('data', take).on('end', end).on('error', goneAway).on('close', goneAway)
    // It may have gone while the guard asked the database: nothing is heard of that any more.
    if (request.destroyed) goneAway()
  })
}
