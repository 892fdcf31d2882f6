import { describe, expect, it } from 'vitest'

const address = 'https://fra-2.kestrel.gg:8080'
const page = 'https://panel.kestrel.gg'

/** What a browser would get; `silent` is answered by nobody, `blocked` at once with an error. */
type Answer = number | 'silent' | 'blocked'

const browser = ({ cors, plain = 'blocked' }: { cors: Answer; plain?: Answer }) =>
  (async (_: unknown, { mode, signal }: RequestInit = {}) => {
    const answer = mode === 'cors' ? cors : plain
    if (answer === 'silent')
      return new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted'))))
    if (answer === 'blocked') throw new TypeError('Failed to fetch')
    return new Response(null, { status: answer })
  }) as typeof globalThis.fetch

const socket = (event: 'open' | 'error') =>
  class {
    addEventListener(name: string, listen: () => void) {
      if (name === event) queueMicrotask(listen)
    }
    close() {}
  } as unknown as new (url: string) => WebSocket

const outcome = (steps: { step: string; ok: boolean | null; cause: string | null }[]) =>
  steps.map(({ step, ok, cause }) => `${step} ${ok}${cause ? ` ${cause}` : ''}`)

describe('checkFromBrowser()', () => {
  it('goes all the way', async () => {
    const steps = await checkFromBrowser({
      address,
      page,
      server: 'uuid',
      fetch: browser({ cors: 204 }),
      WebSocket: socket('open'),
    })
    expect(outcome(steps)).toEqual(['secure true', 'port true', 'origin true', 'socket true'])
  })

  it('opens no socket where there is no server', async () => {
    const steps = await checkFromBrowser({ address, page, fetch: browser({ cors: 204 }) })
    expect(outcome(steps).at(-1)).toBe('socket null')
  })

  it.each([
    ['silence', { cors: 'silent' }, 'port_timeout', { port: 8080 }],
    ['a connection that fails at once', { cors: 'blocked', plain: 'blocked' }, 'browser_refused', { url: address }],
  ] as const)('stops at the port on %s', async (_, answers, cause, detail) => {
    const steps = await checkFromBrowser({ address, page, timeoutMs: 20, fetch: browser(answers) })
    expect(outcome(steps)).toEqual(['secure true', `port false ${cause}`, 'origin null', 'socket null'])
    expect(steps[1]).toMatchObject({ detail, ms: expect.any(Number) })
  })

  it.each([
    ['an answer that this page may not read', { cors: 'blocked', plain: 0 }, 'origin_refused'],
    ['an answer of something else', { cors: 502 }, 'answer_not_wings'],
  ] as const)('stops at the origin on %s', async (_, { cors, ...rest }, cause) => {
    const steps = await checkFromBrowser({
      address,
      page,
      fetch: browser({ cors, plain: 'plain' in rest ? 200 : 'blocked' }),
    })
    expect(outcome(steps)).toEqual(['secure true', 'port true', `origin false ${cause}`, 'socket null'])
  })

  it('stops at a socket that does not open', async () => {
    const steps = await checkFromBrowser({
      address,
      page,
      server: 'uuid',
      fetch: browser({ cors: 204 }),
      WebSocket: socket('error'),
    })
    expect(outcome(steps).at(-1)).toBe('socket false socket_refused')
  })

  it.each([
    ['https://panel.kestrel.gg', 'http://fra-2.kestrel.gg:8080', 'secure false mixed_content'],
    ['https://panel.kestrel.gg', 'http://127.0.0.1:8080', 'secure true'],
    ['http://panel.kestrel.gg', 'http://fra-2.kestrel.gg:8080', 'secure true'],
  ])('from %s to %s: %s', async (from, to, expected) => {
    const steps = await checkFromBrowser({ address: to, page: from, fetch: browser({ cors: 204 }) })
    expect(outcome(steps)[0]).toBe(expected)
  })
})
