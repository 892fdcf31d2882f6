import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { z } from 'zod'
import type { Session } from './session.ts'

const OPEN_WITHIN_MS = 10_000
const TRIES = 5

const socket = z.object({ data: z.object({ token: z.string(), socket: z.url() }) })
const frame = z.object({ event: z.string(), args: z.array(z.string()).optional() })
export type Frame = z.output<typeof frame>

export interface ConsoleSocket {
  send(event: string, argument?: string): void
  /** The first frame that fits, among those that came since `mark` (at first: since the beginning). */
  wait(fits: (frame: Frame) => boolean, what: string, withinMs: number): Promise<Frame>
  /** From here on. */
  mark(): void
  seen(): readonly Frame[]
  isOpen(): boolean
  /** Another connection that presents the same token; whether it is taken shows in its frames. */
  reopen(): Promise<ConsoleSocket>
  close(): void
}

/** A server's console as a browser opens it: the panel signs, the daemon answers. */
export async function openConsole(session: Session, identifier: string): Promise<ConsoleSocket> {
  for (let tried = 1; ; tried++) {
    const opened = await connect(session, identifier)
    try {
      opened.send('auth', opened.token)
      const answer = await opened.wait(
        ({ event }) => event === 'auth success' || event === 'jwt error' || event === 'daemon error',
        'an answer to auth',
        OPEN_WITHIN_MS,
      )
      if (answer.event === 'auth success') return opened
      // A token of the second in which the daemon started is refused.
      if (tried === TRIES || !answer.args?.[0]?.includes('too far in past')) {
        throw new Error(`the daemon refuses the token: ${answer.args?.[0]}`)
      }
    } catch (error) {
      opened.close()
      throw error
    }
    opened.close()
    await sleep(1100)
  }
}

type Credentials = z.output<typeof socket>['data'] & { origin: string }

async function connect(session: Session, identifier: string): Promise<ConsoleSocket & Credentials> {
  const { data } = socket.parse(await session.call(`GET /api/client/servers/${identifier}/websocket`))
  const credentials = { ...data, origin: session.origin }
  return { ...credentials, ...(await openWire(credentials)) }
}

async function openWire(credentials: Credentials): Promise<ConsoleSocket> {
  const wire = new WebSocket(credentials.socket, { origin: credentials.origin, handshakeTimeout: OPEN_WITHIN_MS })

  const frames: Frame[] = []
  let marked = 0
  let closed: string | undefined
  let wake = () => {}
  wire.on('message', (bytes: Buffer) => {
    frames.push(frame.parse(JSON.parse(bytes.toString())))
    wake()
  })
  wire.on('close', (code) => {
    closed = `closed by the daemon with ${code}`
    wake()
  })
  await new Promise<void>((resolve, reject) => {
    wire.once('open', () => resolve())
    wire.once('error', reject)
  })
  wire.on('error', (error) => {
    closed = error.message
    wake()
  })

  async function wait(fits: (frame: Frame) => boolean, what: string, withinMs: number): Promise<Frame> {
    const deadline = Date.now() + withinMs
    for (let next = marked; ; next++) {
      while (next >= frames.length) {
        if (closed !== undefined) throw new Error(`waiting for ${what}, the console was ${closed}`)
        if (Date.now() >= deadline)
          throw new Error(`${what} did not come within ${withinMs / 1000} s; ${lastOf(frames)}`)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, Math.max(1, deadline - Date.now()))
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      const candidate = frames[next]
      if (candidate && fits(candidate)) return candidate
    }
  }

  return {
    send: (event, argument) => wire.send(JSON.stringify({ event, args: argument === undefined ? [] : [argument] })),
    wait,
    mark: () => {
      marked = frames.length
    },
    seen: () => frames,
    isOpen: () => closed === undefined,
    async reopen() {
      const again = await openWire(credentials)
      again.send('auth', credentials.token)
      return again
    },
    close: () => wire.close(),
  }
}

const lastOf = (frames: readonly Frame[]) =>
  `the last frames: ${frames
    .filter(({ event }) => event !== 'stats')
    .slice(-6)
    .map(({ event, args }) => `${event} ${args?.[0]?.slice(0, 80) ?? ''}`.trim())
    .join(' | ')}`

/** A line of the console that contains this text. */
export const line = (text: string) => (frame: Frame) =>
  frame.event === 'console output' && (frame.args?.[0]?.includes(text) ?? false)

export const status = (state: string) => (frame: Frame) => frame.event === 'status' && frame.args?.[0] === state
