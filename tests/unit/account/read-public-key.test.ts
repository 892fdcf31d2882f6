import { createPublicKey } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { fieldOf, numberOf } from '#server/services/account/ssh-keys/wire'
import { fingerprintOf, readPublicKey } from '#server/services/account/ssh-keys/read-public-key'
import known from '../../fixtures/ssh-keys.json' with { type: 'json' }

interface Known {
  algorithm: string
  /** As ssh-keygen prints it. */
  fingerprint: string
  line: string
  pem?: string
  pkcs1?: string
  rfc4716?: string
}

const keys: Known[] = known
const taken = keys.slice(0, 8)
const [ed25519, , , , rsa] = taken as [Known, Known, Known, Known, Known]
const [short, dsa] = keys.slice(8) as [Known, Known]

const lineOf = (blob: Buffer, algorithm = 'ssh-rsa') => `${algorithm} ${blob.toString('base64')}`
const blobOf = ({ line }: Known) => Buffer.from(line.split(' ')[1] ?? '', 'base64')

const forms = taken.flatMap(({ algorithm, fingerprint, line, ...others }) => [
  [algorithm, 'with its comment', line, fingerprint],
  [algorithm, 'without one', line.split(' ', 2).join(' '), fingerprint],
  [algorithm, 'with ends of lines of Windows', `\r\n${line}\r\n`, fingerprint],
  ...Object.entries(others).map(([form, text]) => [algorithm, form, text, fingerprint]),
])

describe('readPublicKey', () => {
  it.each(forms)('reads %s %s', (algorithm, _, text, fingerprint) => {
    expect(readPublicKey(text ?? '')).toMatchObject({ algorithm, fingerprint })
  })

  it.each(taken.filter(({ pem }) => pem))('keeps $algorithm as PEM, as OpenSSH has it', ({ line, pem = '' }) => {
    const read = readPublicKey(line)
    expect(read).toHaveProperty('text', pem.trim().replaceAll('\n', '\r\n'))
    expect(createPublicKey((read as { text: string }).text).type).toBe('public')
  })

  it('keeps Ed25519 as PEM, and reads that again', () => {
    const { text, fingerprint } = readPublicKey(ed25519.line) as { text: string; fingerprint: string }
    expect(text).toMatch(/^-----BEGIN PUBLIC KEY-----\r\nMCow[\w+/]+=*\r\n-----END PUBLIC KEY-----$/)
    expect(readPublicKey(text)).toMatchObject({ fingerprint })
  })

  it.each(taken.filter(({ algorithm }) => algorithm.startsWith('sk-')))(
    'keeps $algorithm as its line, for which PEM has no form',
    ({ line }) => {
      expect(readPublicKey(line)).toHaveProperty('text', line.split(' ', 2).join(' '))
    },
  )

  it.each([short.line, short.pem, short.pkcs1])('finds an RSA key of 1024 bits short', (text) => {
    expect(readPublicKey(text ?? '')).toBe('short')
  })

  it.each([dsa.line, dsa.pem, dsa.rfc4716])('takes no DSA', (text) => {
    expect(readPublicKey(text ?? '')).toBe('dsa')
  })

  it.each([
    '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA==\n-----END OPENSSH PRIVATE KEY-----',
    '-----BEGIN PRIVATE KEY-----\nMC4CAQAw\n-----END PRIVATE KEY-----',
    'PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none',
  ])('sees that it was given the wrong half', (text) => {
    expect(readPublicKey(text)).toBe('private')
  })

  it.each([
    ['nothing', ''],
    ['words', 'my new key'],
    ['no key behind the name', 'ssh-ed25519'],
    ['a name alone in the key', lineOf(fieldOf('ssh-ed25519'), 'ssh-ed25519')],
    ['bytes that are no base64', 'ssh-ed25519 A-B_C*'],
    ['two keys', `${ed25519.line}\n${rsa.line}`],
    ['a line that names another kind', ed25519.line.replace('ssh-ed25519', 'ssh-rsa')],
    ['a certificate', 'ssh-ed25519-cert-v01@openssh.com AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29t'],
    ['something behind the key', lineOf(Buffer.concat([blobOf(ed25519), Buffer.of(0)]), 'ssh-ed25519')],
    [
      'a field that is longer than the key',
      lineOf(Buffer.concat([fieldOf('ssh-ed25519'), Buffer.of(0xff, 0xff, 0xff, 0xff)]), 'ssh-ed25519'),
    ],
    ['a key that is cut off', lineOf(blobOf(rsa).subarray(0, -9))],
    [
      'a point beside its curve',
      lineOf(
        Buffer.concat([
          fieldOf('ecdsa-sha2-nistp256'),
          fieldOf('nistp256'),
          fieldOf(Buffer.concat([Buffer.of(4), Buffer.alloc(64, 7)])),
        ]),
        'ecdsa-sha2-nistp256',
      ),
    ],
    [
      'another curve inside',
      lineOf(
        Buffer.concat([fieldOf('ecdsa-sha2-nistp256'), fieldOf('nistp384'), fieldOf(Buffer.alloc(65, 4))]),
        'ecdsa-sha2-nistp256',
      ),
    ],
    [
      'an even exponent',
      lineOf(Buffer.concat([fieldOf('ssh-rsa'), numberOf(Buffer.of(2)), numberOf(Buffer.alloc(256, 0xfb))])),
    ],
    [
      'an RSA key beyond all measure',
      lineOf(Buffer.concat([fieldOf('ssh-rsa'), numberOf(Buffer.of(1, 0, 1)), numberOf(Buffer.alloc(2049, 0xfb))])),
    ],
    ['PEM that is none', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----'],
    ['a certificate in PEM', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'],
    ['RFC 4716 without an end', '---- BEGIN SSH2 PUBLIC KEY ----\nAAAAC3NzaC1lZDI1NTE5'],
    ['a name of every object', 'constructor AAAAC2NvbnN0cnVjdG9y'],
  ])('takes no %s', (_, text) => {
    expect(readPublicKey(text)).toBe('malformed')
  })

  it('gives one key one fingerprint, however its numbers are padded', () => {
    const { e: exponent = '', n: modulus = '' } = createPublicKey(rsa.pem ?? '').export({ format: 'jwk' })
    const [e, n] = [Buffer.from(exponent, 'base64url'), Buffer.from(modulus, 'base64url')]
    const padded = Buffer.concat([
      fieldOf('ssh-rsa'),
      fieldOf(Buffer.concat([Buffer.alloc(3), e])),
      fieldOf(Buffer.concat([Buffer.alloc(5), n])),
    ])
    expect(fingerprintOf(padded)).not.toBe(rsa.fingerprint)
    expect(readPublicKey(lineOf(padded))).toMatchObject({ fingerprint: rsa.fingerprint })
  })
})
