import { defineEventHandler, setResponseHeaders, type EventHandler, type H3Event } from 'h3'
import type { Endpoint, Schemas, Signature } from '#shared/contracts/endpoint'
import type { Guard, Owned } from './define-route'
import { replyWithFailure } from './reply'

const HEARTBEAT_MS = 25_000

/** One line that a browser hears. The name may hold no line break, and the data is JSON, which has none. */
export interface StreamEvent {
  name: string
  data: unknown
}

export interface Stream {
  send: (event: StreamEvent) => void
  /** Ends it from our side; the browser comes back and is asked for its rights again. */
  end: () => void
}

interface StreamOptions<Context extends object> {
  access: Guard<Context>
  /** Begins to send, and answers how to stop. */
  open: (context: Context, stream: Stream) => Promise<() => void>
  /** Asked at each heartbeat; a right that ended ends the stream. */
  isStillAllowed: (context: Context) => Promise<boolean>
}

const openStreams = new Set<Stream>()

/** An open stream holds the process until the time-out of its shutdown: all end at the first signal. */
export function endStreams(): void {
  for (const stream of openStreams) stream.end()
}

/** Server-sent events behind the same guards, by type, as a route. */
export function defineStream<Sign extends Signature, S extends Schemas, Context extends Owned<Sign>>(
  endpoint: Endpoint<Sign, S>,
  options: StreamOptions<Context>,
): EventHandler & { endpoint: Endpoint<Sign, S>; access: Guard<Context> } {
  const handler = defineEventHandler(async (event) => {
    try {
      const context = await options.access(event)
      if (event.method === 'HEAD') return null
      await run(event, context, options)
      return undefined
    } catch (thrown) {
      return replyWithFailure(event, thrown)
    }
  })
  return Object.assign(handler, { endpoint, access: options.access })
}

async function run<Context extends object>(
  event: H3Event,
  context: Context,
  { open, isStillAllowed }: StreamOptions<Context>,
): Promise<void> {
  const { res, req } = event.node
  event._handled = true
  setResponseHeaders(event, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    connection: 'keep-alive',
  })
  res.flushHeaders()

  await new Promise<void>((resolve, reject) => {
    let stop: (() => void) | undefined
    let isEnded = false
    const stream: Stream = {
      send: ({ name, data }) => {
        if (!isEnded) res.write(`event: ${name.replace(/[^\w.:-]/g, '')}\ndata: ${JSON.stringify(data)}\n\n`)
      },
      end: () => {
        if (isEnded) return
        isEnded = true
        clearInterval(heartbeat)
        openStreams.delete(stream)
        stop?.()
        res.end()
        resolve()
      },
    }
    const heartbeat = setInterval(() => {
      res.write(': \n\n')
      isStillAllowed(context).then(
        (allowed) => !allowed && stream.end(),
        () => stream.end(),
      )
    }, HEARTBEAT_MS)

    openStreams.add(stream)
    req.once('close', stream.end)
    open(context, stream).then((stopper) => {
      stop = stopper
      if (isEnded) stopper()
    }, reject)
  })
}
