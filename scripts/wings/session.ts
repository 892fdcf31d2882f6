import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'

const TRIES = 4

export interface Session {
  origin: string
  /** One call as a browser makes it; the parsed reply, or undefined where there is none. Throws what the panel answered. */
  call(signature: string, body?: unknown): Promise<unknown>
  /** The same with a body or a reply that is not JSON. */
  text(signature: string, body?: string): Promise<string>
  /** Only the status, whatever it is. Text is sent as it is, anything else as JSON. */
  status(signature: string, body?: unknown): Promise<number>
}

/** Somebody signs in, in a browser of his own. */
export async function signIn(origin: string, { user, password }: { user: string; password: string }): Promise<Session> {
  const session = openSession(origin)
  const reply = await session.call('POST /auth/login', { user, password })
  const { complete } = z.object({ data: z.object({ complete: z.boolean() }) }).parse(reply).data
  if (!complete) throw new Error(`${user} is asked for more than a password`)
  return session
}

const refusal = z.object({ errors: z.array(z.object({ code: z.string(), detail: z.string() })).min(1) })

/** A browser's side of the panel's API: it keeps cookies and says where it comes from. */
export function openSession(origin: string): Session {
  const cookies = new Map<string, string>()

  async function send(signature: string, payload: { body?: string; type?: string } = {}): Promise<Response> {
    const [method = 'GET', path = '/'] = signature.split(' ')
    for (let tried = 1; ; tried++) {
      const reply = await fetch(`${origin}${path}`, {
        method,
        headers: {
          accept: 'application/json',
          origin,
          cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
          ...(payload.type && { 'content-type': payload.type }),
        },
        body: payload.body,
        redirect: 'manual',
      })
      for (const line of reply.headers.getSetCookie()) keep(line)
      if (reply.status !== 429 || tried === TRIES) return reply
      await sleep(1000 * Number(reply.headers.get('retry-after') ?? 5))
    }
  }

  function keep(line: string): void {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? []
    if (!name) return
    if (!value || /;\s*max-age=0/i.test(line)) cookies.delete(name)
    else cookies.set(name, value)
  }

  async function accepted(signature: string, reply: Response): Promise<string> {
    const said = await reply.text()
    if (!reply.ok) throw new Error(`${signature} answered ${reply.status}: ${sentenceOf(said)}`)
    return said
  }

  return {
    origin,
    async call(signature, body) {
      const payload = body === undefined ? {} : { body: JSON.stringify(body), type: 'application/json' }
      const said = await accepted(signature, await send(signature, payload))
      return said === '' ? undefined : (JSON.parse(said) as unknown)
    },
    async text(signature, body) {
      return accepted(signature, await send(signature, { body, type: body === undefined ? undefined : 'text/plain' }))
    },
    async status(signature, body) {
      if (typeof body === 'string') return (await send(signature, { body, type: 'text/plain' })).status
      const payload = body === undefined ? {} : { body: JSON.stringify(body), type: 'application/json' }
      return (await send(signature, payload)).status
    },
  }
}

function sentenceOf(said: string): string {
  try {
    const { errors } = refusal.parse(JSON.parse(said))
    return errors.map(({ code, detail }) => `${code}: ${detail}`).join(' · ')
  } catch {
    return said.slice(0, 300)
  }
}
