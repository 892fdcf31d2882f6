import { createHash, createPublicKey } from 'node:crypto'
import { DSA, keyOfBlob, keyOfObject, type SshPublicKey } from './key-kinds'
import { WireReader } from './wire'

export type KeyFault = 'malformed' | 'private' | 'dsa' | 'short'

export interface ReadKey {
  algorithm: string
  /** SHA-256 of the key as SSH sends it, base64 without padding. */
  fingerprint: string
  /** How it is kept and shown: PEM (SPKI) with CRLF, or a line of OpenSSH where PEM has no form for it. */
  text: string
}

const RSA_BITS_MIN = 2048
/** OpenSSH makes none that is longer. */
const RSA_BITS_MAX = 16_384

/**
 * Reads one public key as people paste it: a line of OpenSSH, with its comment or without, PEM, or RFC 4716. Node's own
 * cryptography judges the numbers; what is read here is only how SSH packs them.
 */
export function readPublicKey(pasted: string): ReadKey | KeyFault {
  const text = pasted.replaceAll('\r\n', '\n').trim()
  if (/PRIVATE KEY|^PuTTY-User-Key-File/.test(text)) return 'private'

  try {
    const read = text.startsWith('-----BEGIN ') ? ofPem(text) : ofBlob(blobOf(text))
    if (typeof read === 'string') return read
    const { bits } = read
    if (bits !== undefined && bits < RSA_BITS_MIN) return 'short'
    if (bits !== undefined && bits > RSA_BITS_MAX) return 'malformed'
    return { algorithm: read.algorithm, fingerprint: fingerprintOf(read.blob), text: textOf(read) }
  } catch {
    return 'malformed'
  }
}

export const fingerprintOf = (blob: Buffer): string =>
  createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')

function ofPem(text: string): SshPublicKey | KeyFault {
  if (!/^-----BEGIN (RSA )?PUBLIC KEY-----\n[^-]+\n-----END (RSA )?PUBLIC KEY-----$/.test(text)) return 'malformed'
  const key = createPublicKey(text)
  return key.asymmetricKeyType === 'dsa' ? 'dsa' : keyOfObject(key)
}

function ofBlob(blob: Buffer): SshPublicKey | KeyFault {
  return new WireReader(blob).text() === DSA ? 'dsa' : keyOfBlob(blob)
}

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/

/** @throws {Error} where the text has neither form, or a line names another kind than its key */
function blobOf(text: string): Buffer {
  const armoured = /^---- BEGIN SSH2 PUBLIC KEY ----\n([^]+)\n---- END SSH2 PUBLIC KEY ----$/.exec(text)?.[1]
  if (armoured !== undefined) {
    // A header may go on behind a backslash at the end of its line.
    const body = armoured.replaceAll('\\\n', '').replace(/^[^\n:]+:[^\n]*\n/gm, '')
    return bytesOf(body.replace(/\s/g, ''))
  }

  const [, algorithm = '', base64 = ''] = /^(\S+)[ \t]+(\S+)(?:[ \t][^\n]*)?$/.exec(text) ?? []
  const blob = bytesOf(base64)
  if (new WireReader(blob).text() !== algorithm) throw new Error('The line names another kind than its key.')
  return blob
}

function bytesOf(base64: string): Buffer {
  if (!BASE64.test(base64)) throw new Error('This is no base64.')
  return Buffer.from(base64, 'base64')
}

function textOf({ algorithm, blob, key }: SshPublicKey): string {
  if (!key) return `${algorithm} ${blob.toString('base64')}`
  return key.export({ type: 'spki', format: 'pem' }).toString().trim().replaceAll('\n', '\r\n')
}
