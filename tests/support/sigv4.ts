import { createHash, createHmac } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** Why a request is not let in, in the words of S3. */
export interface Denial {
  status: number
  code: string
  message: string
}

interface Keys {
  accessKeyId: string
  secretAccessKey: string
  region: string
}

const SKEW_MS = 15 * 60_000
const LONGEST_SECONDS = 7 * 24 * 60 * 60

const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex')
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()
const encoded = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)

/**
 * Verifies AWS signature version 4, of a header or of an address, from the published description and independently of
 * what signs in the panel: credential scope, signed headers, hash of the body, signature, age.
 */
export function verify(request: IncomingMessage, body: Buffer, keys: Keys): Denial | undefined {
  const url = new URL(request.url ?? '/', 'http://store')
  const query = [...url.searchParams]
  const isPresigned = url.searchParams.has('X-Amz-Signature')
  const claim = isPresigned ? claimOfQuery(url.searchParams) : claimOfHeader(request)
  if (!claim) return { status: 403, code: 'AccessDenied', message: 'Access Denied' }

  const [keyId, day, region, service, end] = claim.credential.split('/')
  const at = Date.parse(claim.date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
  const isScopeRight = day === claim.date.slice(0, 8) && service === 's3' && end === 'aws4_request'
  if (!isScopeRight || Number.isNaN(at))
    return { status: 400, code: 'AuthorizationHeaderMalformed', message: 'The credential scope is wrong.' }
  if (keyId !== keys.accessKeyId)
    return { status: 403, code: 'InvalidAccessKeyId', message: 'The access key Id you provided does not exist.' }
  if (region !== keys.region)
    return {
      status: 400,
      code: 'AuthorizationHeaderMalformed',
      message: `The region is wrong; expecting '${keys.region}'`,
    }

  const signed = claim.signedHeaders.split(';')
  const mustBeSigned = Object.keys(request.headers).filter((name) => name.startsWith('x-amz-'))
  if (!signed.includes('host') || mustBeSigned.some((name) => !signed.includes(name)))
    return {
      status: 403,
      code: 'AccessDenied',
      message: 'There were headers present in the request which were not signed',
    }

  const told = isPresigned ? 'UNSIGNED-PAYLOAD' : String(request.headers['x-amz-content-sha256'])
  if (told !== 'UNSIGNED-PAYLOAD' && told !== sha256(body))
    return {
      status: 400,
      code: 'XAmzContentSHA256Mismatch',
      message: 'The provided x-amz-content-sha256 does not match.',
    }

  const canonical = [
    request.method,
    url.pathname
      .split('/')
      .map((part) => encoded(decodeURIComponent(part)))
      .join('/'),
    query
      .filter(([name]) => name !== 'X-Amz-Signature')
      .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
      .toSorted()
      .join('&'),
    ...signed.map(
      (name) =>
        `${name}:${String(request.headers[name] ?? '')
          .trim()
          .replace(/\s+/g, ' ')}`,
    ),
    '',
    claim.signedHeaders,
    told,
  ].join('\n')
  const scope = [day, region, service, end].join('/')
  const key = [region, service, 'aws4_request'].reduce<Buffer>(
    (before, part) => hmac(before, String(part)),
    hmac(`AWS4${keys.secretAccessKey}`, String(day)),
  )
  const signature = hmac(key, ['AWS4-HMAC-SHA256', claim.date, scope, sha256(canonical)].join('\n')).toString('hex')
  if (signature !== claim.signature)
    return {
      status: 403,
      code: 'SignatureDoesNotMatch',
      message: 'The request signature we calculated does not match the signature you provided.',
    }

  if (claim.seconds === null)
    return Math.abs(Date.now() - at) > SKEW_MS
      ? { status: 403, code: 'RequestTimeTooSkewed', message: 'The difference between the clocks is too large.' }
      : undefined
  if (!(claim.seconds >= 1 && claim.seconds <= LONGEST_SECONDS))
    return { status: 400, code: 'AuthorizationQueryParametersError', message: 'X-Amz-Expires must be less than a week' }
  return Date.now() > at + claim.seconds * 1000
    ? { status: 403, code: 'AccessDenied', message: 'Request has expired' }
    : undefined
}

interface Claim {
  credential: string
  signedHeaders: string
  signature: string
  date: string
  /** Null: by header, and good only now. */
  seconds: number | null
}

function claimOfQuery(params: URLSearchParams): Claim | undefined {
  const of = (name: string) => params.get(`X-Amz-${name}`) ?? ''
  if (of('Algorithm') !== 'AWS4-HMAC-SHA256') return undefined
  return {
    credential: of('Credential'),
    signedHeaders: of('SignedHeaders'),
    signature: of('Signature'),
    date: of('Date'),
    seconds: Number(of('Expires')),
  }
}

function claimOfHeader(request: IncomingMessage): Claim | undefined {
  const header = request.headers.authorization ?? ''
  const found = /^AWS4-HMAC-SHA256 Credential=([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(header)
  if (!found) return undefined
  const [, credential = '', signedHeaders = '', signature = ''] = found
  return { credential, signedHeaders, signature, date: String(request.headers['x-amz-date'] ?? ''), seconds: null }
}
