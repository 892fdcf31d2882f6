import { randomBytes } from 'node:crypto'
import Hashids from 'hashids'
import { onTopic } from '#server/events/listen'
import { ownSecret } from '#server/services/settings/own-secret'

const LENGTH_MIN = 8

let hashing: Promise<Hashids> | undefined

/** The hashes under which the client API knows databases. Their salt is kept, and an import brings the one before. */
function hashids(): Promise<Hashids> {
  if (!hashing) {
    const made = ownSecret('hashids.salt', () => randomBytes(24).toString('base64url')).then(
      (salt) => new Hashids(salt, LENGTH_MIN),
    )
    made.catch(() => (hashing = undefined))
    hashing = made
  }
  return hashing
}

onTopic('settings', () => {
  hashing = undefined
})

export async function hashDatabaseId(): Promise<(id: string) => string> {
  const known = await hashids()
  return (id) => known.encode(BigInt(id))
}

/** The row's id behind a hash, or behind plain digits, as old clients send them. */
export async function readDatabaseId(reference: string): Promise<string | undefined> {
  if (/^[1-9][0-9]{0,17}$/.test(reference)) return reference
  if (!/^[a-zA-Z0-9]{8,40}$/.test(reference)) return undefined
  const known = await hashids()
  const [id] = known.isValidId(reference) ? known.decode(reference) : []
  return id === undefined ? undefined : String(id)
}
