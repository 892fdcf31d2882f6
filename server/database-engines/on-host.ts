import type { HostAddress, HostSession, OpenSession } from './host-session'
import { tooSlow, troubleOf } from './trouble'

interface Options {
  /** For all of it, signing in included: a host that hangs holds nobody up for longer. */
  withinMs?: number
  /** Beside the host's own password, what its answers must not repeat. */
  secrets?: readonly string[]
}

export const HOST_ANSWERS_WITHIN_MS = 15_000

/**
 * The one door to database hosts: signs in, lets `act` have the session, and ends it. Drivers are loaded by the first who
 * needs them.
 *
 * @throws {HostTrouble} what the host did; whatever else `act` throws stays as it is
 */
export async function onHost<Result>(
  address: HostAddress,
  act: (session: HostSession) => Promise<Result>,
  { withinMs = HOST_ANSWERS_WITHIN_MS, secrets = [] }: Options = {},
): Promise<Result> {
  const ends = new AbortController()
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    late.reject(tooSlow())
    ends.abort()
  }, withinMs)
  const work = open(address, ends.signal).then(async ({ session, close }) => {
    ends.signal.addEventListener('abort', close)
    return act(guarded(session, [address.password, ...secrets])).finally(close)
  })
  // Cut off, a driver may never say how a statement ended; and nobody listens when it does.
  work.catch(() => undefined)

  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

async function open(address: HostAddress, signal: AbortSignal): Promise<OpenSession> {
  const { openSession } = address.engine === 'mysql' ? await import('./mysql') : await import('./postgresql')
  return openSession(address, signal).catch((error: unknown) => {
    throw troubleOf(error, [address.password])
  })
}

/** What a driver throws is translated where it is thrown, so that what `act` throws of its own is not mistaken for it. */
function guarded(session: HostSession, secrets: readonly string[]): HostSession {
  const translated =
    <Given extends unknown[], Result>(ask: (...given: Given) => Promise<Result>) =>
    (...given: Given): Promise<Result> =>
      ask(...given).catch((error: unknown) => {
        throw troubleOf(error, secrets)
      })
  return {
    describe: translated(session.describe),
    hold: translated(session.hold),
    has: translated(session.has),
    create: translated(session.create),
    renew: translated(session.renew),
    drop: translated(session.drop),
    sizesOf: translated(session.sizesOf),
  }
}
