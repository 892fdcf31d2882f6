import { sql, type SQL } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { keyedHashOf } from '#server/database/hash'
import { AppError } from '#server/errors'
import { getSettings } from '#server/services/settings/current-settings'
import { countTries, takingBack, type Limit } from '#server/services/throttles/count-try'
import { networkOf } from '#server/services/throttles/network-of'

/**
 * How often something may be tried. `pair`: one name from one address (so that nobody locks out somebody elsewhere).
 * `address`: one address with any names. `name`: one name from anywhere, where guessing must end even if many take part.
 */
const LIMITS = {
  'sign-in': { pair: { tries: 5, seconds: 60 }, address: { tries: 40, seconds: 60 } },
  'second-factor': { pair: { tries: 5, seconds: 60 }, name: { tries: 30, seconds: 900 } },
  passkey: { address: { tries: 60, seconds: 60 } },
  reset: { pair: { tries: 2, seconds: 60 }, address: { tries: 10, seconds: 60 } },
  sftp: { pair: { tries: 5, seconds: 60 }, address: { tries: 40, seconds: 60 } },
  captcha: { address: { tries: 60, seconds: 60 } },
  registration: { address: { tries: 10, seconds: 600 }, name: { tries: 3, seconds: 3600 } },
  'registration-name': { name: { tries: 20, seconds: 3600 } },
  provider: { address: { tries: 30, seconds: 60 } },
  'email-change': { name: { tries: 3, seconds: 86_400 } },
  'backup-restore': { name: { tries: 3, seconds: 900 } },
} as const satisfies Record<string, Partial<Record<'pair' | 'address' | 'name', Limit>>>

export type Bucket = keyof typeof LIMITS

interface Tried {
  bucket: Bucket
  /** Of the account, as it is stored; or of what else is tried at. */
  name: string
  /** Of the client; empty where only the name counts. */
  address: string
  /** What is said instead of `sign_in.locked`. */
  refusal?: (seconds: number) => AppError
}

/** Where a password or a code is guessed, the administrator says how often. */
async function limitsOf(bucket: Bucket): Promise<Partial<Record<'pair' | 'address' | 'name', Limit>>> {
  if (bucket !== 'sign-in' && bucket !== 'second-factor' && bucket !== 'sftp') return LIMITS[bucket]
  const { tries, windowSeconds: seconds } = (await getSettings()).signIn
  return { ...LIMITS[bucket], pair: { tries, seconds } }
}

/** One try that was counted. It is given back when it turns out to be no guess. */
export interface Attempt {
  /** The same as parts of another statement. */
  undo: SQL[]
  giveBack: () => Promise<void>
}

/**
 * Counts a try and lets it through, or says how long to wait. Asked before a password is hashed; counted before it is
 * known whether it is right, so that a hundred at once get no further than one after the other.
 *
 * @throws {AppError} `sign_in.locked`, or what `refusal` makes
 */
export async function takeAttempt({ bucket, name, address, refusal = tooMany }: Tried): Promise<Attempt> {
  const network = networkOf(address)
  const limits = await limitsOf(bucket)
  const subjects = Object.entries({ pair: `${name}\n${network}`, address: `\n${network}`, name: `${name}\n` }).flatMap(
    ([kind, text]) => {
      const limit = limits[kind as 'pair']
      return limit ? [{ limit, subject: keyedHashOf('throttles', `${bucket}\n${text}`) }] : []
    },
  )

  const seconds = await countTries(bucket, subjects)
  if (seconds > 0) throw refusal(seconds)
  const undo = takingBack(bucket, subjects)
  return {
    undo,
    async giveBack() {
      await useDrizzle().execute(sql`with ${sql.join(undo, sql`, `)} select 1`)
    },
  }
}

/** In the form that clients of the API know: a validation failure with status 429. */
function tooMany(seconds: number): AppError {
  const values = { seconds }
  const detail = `Too many login attempts. Please try again in ${seconds} seconds.`
  return new AppError('sign_in.locked', {
    values,
    retryAfterSeconds: seconds,
    fields: [{ field: 'email', rule: '', detail, values, status: 422 }],
  })
}
