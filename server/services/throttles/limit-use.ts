import { keyedHashOf } from '#server/database/hash'
import { AppError } from '#server/errors'
import { getSettings } from '#server/services/settings/current-settings'
import { countTry, type Limit } from './count-try'

/** How often somebody may ask for something, whether or not he may have it. */
const LIMITS = {
  /**
   * Tokens for the console of one server. As many as Pelican lets sockets open for a server: enough for five tabs that come
   * back after a restart of the node, each asking six times in its first minute.
   */
  'websocket-token': { tries: 30, seconds: 60 },
  /** Addresses that one person has fetched from. */
  'files-pull': { tries: 10, seconds: 5 * 60 },
  /** How often a link is sent again to a new e-mail address. */
  'email-link': { tries: 5, seconds: 60 * 60 },
  /** Pictures of one person: each is drawn anew. */
  'image-upload': { tries: 20, seconds: 10 * 60 },
  /** Invitations to one server. */
  'subuser-invite': { tries: 10, seconds: 15 * 60 },
  /** Test mails of one administrator. */
  'mail-test': { tries: 10, seconds: 60 },
} as const satisfies Record<string, Limit>

interface LimitUse {
  bucket: keyof typeof LIMITS
  /** Who, and what of. */
  name: string
}

/** Some of them are for the administrator to choose. */
async function limitOf(bucket: keyof typeof LIMITS): Promise<Limit> {
  const { socketsPerMinute, pullsPerFiveMinutes } = (await getSettings()).limits
  if (bucket === 'websocket-token') return { ...LIMITS[bucket], tries: socketsPerMinute }
  return bucket === 'files-pull' ? { ...LIMITS[bucket], tries: pullsPerFiveMinutes } : LIMITS[bucket]
}

/** Counts one use, exactly and for all processes together. @throws {AppError} `request.too_many` */
export async function limitUse({ bucket, name }: LimitUse): Promise<void> {
  const subject = keyedHashOf('throttles', `${bucket}\n${name}`)
  const seconds = await countTry(bucket, subject, await limitOf(bucket))
  if (seconds > 0) throw new AppError('request.too_many', { retryAfterSeconds: seconds })
}
