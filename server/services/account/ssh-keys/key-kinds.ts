import { createPublicKey, type JsonWebKeyInput, type KeyObject } from 'node:crypto'
import { fieldOf, MalformedKey, numberOf, WireReader } from './wire'

/** A public key as SSH has it. */
export interface SshPublicKey {
  algorithm: string
  /** As it is sent, and of which the fingerprint is made. One key has one form, however it was written down. */
  blob: Buffer
  /** Null for keys of security devices, which no other program knows. */
  key: KeyObject | null
  /** RSA only. */
  bits?: number
}

const CURVES = {
  nistp256: { jwk: 'P-256', openssl: 'prime256v1', bytes: 32 },
  nistp384: { jwk: 'P-384', openssl: 'secp384r1', bytes: 48 },
  nistp521: { jwk: 'P-521', openssl: 'secp521r1', bytes: 66 },
} as const
type Curve = keyof typeof CURVES

const ED25519_BYTES = 32
const SK = '@openssh.com'

const encoded = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')
const decoded = (text = '') => Buffer.from(text, 'base64url')

/** @throws {Error} where the numbers are no key, such as a point beside its curve */
const keyFrom = (jwk: JsonWebKeyInput['key']) => createPublicKey({ key: jwk, format: 'jwk' })

/** Daemons refuse other exponents, so such a key would open nothing. */
const isExponent = (e: Buffer) => e.length <= 3 && ((e.at(-1) ?? 0) & 1) === 1 && e.readUIntBE(0, e.length) >= 3

function rsa(e: Buffer, n: Buffer): SshPublicKey {
  if (!isExponent(e)) throw new MalformedKey('The exponent is none.')
  const key = keyFrom({ kty: 'RSA', e: encoded(e), n: encoded(n) })
  const bits = n.length * 8 - Math.clz32(n[0] ?? 0) + 24
  return { algorithm: 'ssh-rsa', blob: Buffer.concat([fieldOf('ssh-rsa'), numberOf(e), numberOf(n)]), key, bits }
}

function ed25519(point: Buffer): SshPublicKey {
  if (point.length !== ED25519_BYTES) throw new MalformedKey('An Ed25519 key has 32 bytes.')
  const key = keyFrom({ kty: 'OKP', crv: 'Ed25519', x: encoded(point) })
  return { algorithm: 'ssh-ed25519', blob: Buffer.concat([fieldOf('ssh-ed25519'), fieldOf(point)]), key }
}

function curvePoint(curve: Curve, point: Buffer): KeyObject {
  const { jwk, bytes } = CURVES[curve]
  if (point.length !== 1 + 2 * bytes || point[0] !== 4) throw new MalformedKey('The point is not written out in full.')
  const [x, y] = [point.subarray(1, 1 + bytes), point.subarray(1 + bytes)]
  return keyFrom({ kty: 'EC', crv: jwk, x: encoded(x), y: encoded(y) })
}

function ecdsa(curve: Curve, point: Buffer): SshPublicKey {
  const algorithm = `ecdsa-sha2-${curve}`
  const blob = Buffer.concat([fieldOf(algorithm), fieldOf(curve), fieldOf(point)])
  return { algorithm, blob, key: curvePoint(curve, point) }
}

function securityKey(algorithm: string, parts: Buffer[]): SshPublicKey {
  return { algorithm, blob: Buffer.concat([fieldOf(algorithm), ...parts.map(fieldOf)]), key: null }
}

function curveNamed(wanted: Curve, name: string): Curve {
  if (name !== wanted) throw new MalformedKey('The key names another curve.')
  return wanted
}

/** How each kind is read behind its name. Those that a daemon takes, all of them. */
const KINDS: Record<string, (wire: WireReader) => SshPublicKey> = {
  'ssh-rsa': (wire) => rsa(wire.number(), wire.number()),
  'ssh-ed25519': (wire) => ed25519(wire.field()),
  ...Object.fromEntries(
    (Object.keys(CURVES) as Curve[]).map((curve) => [
      `ecdsa-sha2-${curve}`,
      (wire: WireReader) => ecdsa(curveNamed(curve, wire.text()), wire.field()),
    ]),
  ),
  [`sk-ssh-ed25519${SK}`]: (wire) => {
    const [point, application] = [wire.field(), wire.field()]
    ed25519(point)
    return securityKey(`sk-ssh-ed25519${SK}`, [point, application])
  },
  [`sk-ecdsa-sha2-nistp256${SK}`]: (wire) => {
    const [curve, point, application] = [curveNamed('nistp256', wire.text()), wire.field(), wire.field()]
    curvePoint(curve, point)
    return securityKey(`sk-ecdsa-sha2-nistp256${SK}`, [Buffer.from(curve), point, application])
  },
}

export const DSA = 'ssh-dss'

/** @throws {Error} where the bytes are no key of a kind that is known */
export function keyOfBlob(blob: Buffer): SshPublicKey {
  const wire = new WireReader(blob)
  const algorithm = wire.text()
  const read = Object.hasOwn(KINDS, algorithm) ? KINDS[algorithm] : undefined
  if (!read) throw new MalformedKey('No such kind of key is known.')
  const key = read(wire)
  wire.end()
  return key
}

/** @throws {Error} where SSH has no such kind of key */
export function keyOfObject(key: KeyObject): SshPublicKey {
  const jwk = key.export({ format: 'jwk' })
  const curve = (Object.keys(CURVES) as Curve[]).find((name) => CURVES[name].jwk === jwk.crv)
  if (key.asymmetricKeyType === 'rsa') return rsa(decoded(jwk.e), decoded(jwk.n))
  if (key.asymmetricKeyType === 'ed25519') return ed25519(decoded(jwk.x))
  if (key.asymmetricKeyType === 'ec' && curve)
    return ecdsa(curve, Buffer.concat([Buffer.of(4), decoded(jwk.x), decoded(jwk.y)]))
  throw new MalformedKey('SSH has no such kind of key.')
}
