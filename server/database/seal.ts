import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'
import { OperatorError } from '../env/operator-error.ts'
import { useEnv } from '../env.ts'

/** Where a sealed value rests: it opens nowhere else. */
export type Place = `${string}.${string}`

const IV_BYTES = 12
const TAG_BYTES = 16
const FORM = /^s1:([0-9a-f]{8}):([\w-]+)$/

interface SealingKey {
  id: string
  bytes: Buffer
}

const derived = new Map<string, SealingKey>()

/** Derived at first use: tools load the tables without an environment. */
function keyOf(secret: string): SealingKey {
  const known = derived.get(secret)
  if (known) {
    return known
  }

  const bytes = Buffer.from(hkdfSync('sha256', secret, '', 'xyrapanel: sealed columns', 32))
  const key = { id: createHash('sha256').update('key id').update(bytes).digest('hex').slice(0, 8), bytes }
  derived.set(secret, key)
  return key
}

/** `s1:<key id>:<iv, ciphertext and tag>`, different each time. */
export function seal(place: Place, value: string, secret = useEnv().APP_SECRET): string {
  const key = keyOf(secret)
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key.bytes, iv).setAAD(Buffer.from(place))
  const sealed = Buffer.concat([iv, cipher.update(value, 'utf8'), cipher.final(), cipher.getAuthTag()])

  return `s1:${key.id}:${sealed.toString('base64url')}`
}

/** @throws {OperatorError} when the value was sealed with another APP_SECRET, or for another place, or was damaged. */
export function open(place: Place, stored: string, secret = useEnv().APP_SECRET): string {
  const key = keyOf(secret)
  const [, keyId, text = ''] = FORM.exec(stored) ?? []
  if (keyId === undefined) {
    throw new OperatorError(
      `${place} holds a value that is not sealed. It was not written by the panel: enter it again.`,
    )
  }
  if (keyId !== key.id) {
    throw new OperatorError(
      `${place} was sealed with another APP_SECRET (key ${keyId}, this one is ${key.id}). Set APP_SECRET to what it was when the value was written, or enter the value again.`,
    )
  }

  const sealed = Buffer.from(text, 'base64url')
  const decipher = createDecipheriv('aes-256-gcm', key.bytes, sealed.subarray(0, IV_BYTES), {
    authTagLength: TAG_BYTES,
  }).setAAD(Buffer.from(place))
  try {
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
    return decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
  } catch (cause) {
    throw new OperatorError(`${place} holds a value that was damaged or belongs to another column. Enter it again.`, {
      cause,
    })
  }
}
