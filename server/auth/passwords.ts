import { compare } from 'bcryptjs'
import { hashPassword as scrypt, verifyPassword as matchesScrypt } from 'better-auth/crypto'
import { AppError } from '#server/errors'

/** One hash takes 70 ms of a core and 32 MB: more of them at once only make everybody wait, those who do not sign in too. */
const AT_ONCE = 2
/** Beyond it a stampede is told to come back instead of being kept for a minute. */
const WAITING_MAX = 200

let running = 0
const waiting: (() => void)[] = []

async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  if (running >= AT_ONCE) {
    if (waiting.length >= WAITING_MAX) throw new AppError('request.too_many', { retryAfterSeconds: 10 })
    // Whoever leaves hands his place over, so `running` stays as it is.
    await new Promise<void>((resolve) => waiting.push(resolve))
  } else {
    running += 1
  }

  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running -= 1
  }
}

export const hashPassword = (password: string): Promise<string> => inTurn(() => scrypt(password))

/** Hashes that came from a PHP panel begin with `$2y$`; they are replaced when their owner signs in. */
export const isForeignHash = (hash: string): boolean => hash.startsWith('$2')

export const verifyPassword = ({ hash, password }: { hash: string; password: string }): Promise<boolean> =>
  inTurn(() => (isForeignHash(hash) ? compare(password, hash) : matchesScrypt({ hash, password })))

/** Of a password that nobody knows: comparing with it costs as much as with a real one. */
const NOBODY = `${'0'.repeat(32)}:${'0'.repeat(128)}`

/** For a name without an account or an account without a password: says no, and takes as long as for anybody else. */
export async function verifyNobody(password: string): Promise<false> {
  await verifyPassword({ hash: NOBODY, password })
  return false
}
