import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'

const [USER_PRESENT, USER_VERIFIED, HAS_CREDENTIAL] = [0x01, 0x04, 0x40]

interface Signing {
  challenge: string
  /** Where the browser says that it is. */
  origin: string
  /** Whom the passkey is shown to. */
  rpId?: string
  /** Whether its owner has proven that it is him. */
  isVerified?: boolean
}

const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest()
const base64url = (bytes: Buffer) => bytes.toString('base64url')

/** Makes and shows one passkey as a browser with its authenticator would, truthfully or not. */
export function makeAuthenticator() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = publicKey.export({ format: 'jwk' })
  const credentialId = randomBytes(32)
  const id = base64url(credentialId)
  let counter = 0

  /** COSE, as CBOR: an EC2 key for ES256. */
  const coseKey = Buffer.concat([
    Buffer.from('a5010203262001215820', 'hex'),
    Buffer.from(jwk.x ?? '', 'base64url'),
    Buffer.from('225820', 'hex'),
    Buffer.from(jwk.y ?? '', 'base64url'),
  ])

  function dataFor({ rpId, isVerified }: { rpId: string; isVerified: boolean }, credential?: Buffer): Buffer {
    const flags = USER_PRESENT | (isVerified ? USER_VERIFIED : 0) | (credential ? HAS_CREDENTIAL : 0)
    const rest = Buffer.alloc(5)
    rest.writeUInt8(flags, 0)
    rest.writeUInt32BE(counter, 1)
    return Buffer.concat([sha256(rpId), rest, credential ?? Buffer.alloc(0)])
  }

  const clientData = (type: string, { challenge, origin }: Signing) =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }))

  return {
    id,
    /** Shows another counter from now on: a copy of it was used meanwhile. */
    rewind: () => (counter = 0),

    register(signing: Signing) {
      const { origin, rpId = new URL(origin).hostname, isVerified = true } = signing
      const length = Buffer.from([0, credentialId.length])
      const credential = Buffer.concat([Buffer.alloc(16), length, credentialId, coseKey])
      const data = dataFor({ rpId, isVerified }, credential)
      // { fmt: 'none', attStmt: {}, authData }
      const attestation = Buffer.concat([
        Buffer.from('a363666d74646e6f6e656761747453746d74a068617574684461746158', 'hex'),
        Buffer.from([data.length]),
        data,
      ])
      return {
        id,
        rawId: id,
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: base64url(clientData('webauthn.create', signing)),
          attestationObject: base64url(attestation),
          transports: ['internal'],
        },
      }
    },

    show(signing: Signing) {
      const { origin, rpId = new URL(origin).hostname, isVerified = true } = signing
      counter += 1
      const said = clientData('webauthn.get', signing)
      const data = dataFor({ rpId, isVerified })
      return {
        id,
        rawId: id,
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: base64url(said),
          authenticatorData: base64url(data),
          signature: base64url(sign('sha256', Buffer.concat([data, sha256(said)]), privateKey)),
        },
      }
    },
  }
}
export type Authenticator = ReturnType<typeof makeAuthenticator>
