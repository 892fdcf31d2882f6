import { createHash, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { verify, type Denial } from './sigv4'

/*
 * A strict stand-in for an S3-compatible store, no real one: it keeps one bucket in memory, knows the calls that backups
 * need and no other, and refuses what Amazon's refuses: signatures, ages, parts below 5 MiB, tags that differ, parts out
 * of order, uploads that are over.
 */

export const STORE_KEYS = {
  region: 'eu-test-1',
  bucket: 'panel-backups',
  accessKeyId: 'canary-access-key-of-the-store',
  secretAccessKey: 'canary-secret-access-key/of+the=store',
}

const PART_MIN = 5 * 1024 ** 2

interface Stored {
  bytes: Buffer
  type: string
  storageClass: string | undefined
}

interface Upload extends Omit<Stored, 'bytes'> {
  key: string
  parts: Map<number, { etag: string; bytes: Buffer }>
}

export interface StoreCall {
  method: string
  key: string
  query: Record<string, string>
  status: number
}

type Answer = [status: number, headers?: Record<string, string>, body?: string | Buffer]

class Refusal extends Error {
  readonly denial: Denial
  constructor(status: number, code: string, message = code) {
    super(message)
    this.denial = { status, code, message }
  }
}

/** Says what happens to a call before, or instead of, its being answered. */
type Fault = (
  call: Omit<StoreCall, 'status'>,
) => 'hang' | 'drop' | 'drop-after' | { status: number; code: string; body?: string } | undefined

export async function startObjectStore() {
  const objects = new Map<string, Stored>()
  const uploads = new Map<string, Upload>()
  const seen: StoreCall[] = []
  const faults: { rule?: Fault } = {}

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    const url = new URL(request.url ?? '/', 'http://store')
    const key = decodeURIComponent(url.pathname).replace(`/${STORE_KEYS.bucket}/`, '')
    const call = { method: request.method ?? '', key, query: Object.fromEntries(url.searchParams) }
    const fault = faults.rule?.(call)
    if (fault === 'hang') return
    if (fault === 'drop') return void request.socket.destroy()

    const [status, headers = {}, sent = ''] = answerOf(request, body, url, key, fault)
    seen.push({ ...call, status })
    if (fault === 'drop-after') return void request.socket.destroy()
    const bytes = Buffer.from(sent as string)
    response.writeHead(status, { 'content-length': bytes.length, 'x-amz-request-id': 'TEST', ...headers })
    response.end(request.method === 'HEAD' ? undefined : bytes)
  }

  function answerOf(request: IncomingMessage, body: Buffer, url: URL, key: string, fault?: ReturnType<Fault>): Answer {
    try {
      if (typeof fault === 'object') {
        if (fault.body !== undefined) return [fault.status, {}, fault.body]
        throw new Refusal(fault.status, fault.code, `${fault.code} on purpose`)
      }
      const denial = verify(request, body, STORE_KEYS)
      if (denial) throw new Refusal(denial.status, denial.code, denial.message)
      if (!url.pathname.startsWith(`/${STORE_KEYS.bucket}/`))
        throw new Refusal(404, 'NoSuchBucket', 'The specified bucket does not exist')
      return act(request, body, url.searchParams, key)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const { status, code, message } = error.denial
      const text = message.replaceAll('&', '&amp;').replaceAll("'", '&apos;').replaceAll('<', '&lt;')
      return [
        status,
        { 'content-type': 'application/xml' },
        `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${text}</Message><AWSAccessKeyId>${STORE_KEYS.accessKeyId}</AWSAccessKeyId></Error>`,
      ]
    }
  }

  function act(request: IncomingMessage, body: Buffer, query: URLSearchParams, key: string): Answer {
    const uploadId = query.get('uploadId')
    const label = {
      type: request.headers['content-type'] ?? 'binary/octet-stream',
      storageClass: request.headers['x-amz-storage-class'] as string | undefined,
    }
    switch (`${request.method}${query.has('uploads') ? ' uploads' : uploadId === null ? '' : ' upload'}`) {
      case 'PUT':
        objects.set(key, { ...label, bytes: body })
        return [200, { etag: tagOf(body) }]
      case 'GET':
      case 'HEAD': {
        const found = objects.get(key)
        if (!found) throw new Refusal(404, 'NoSuchKey', 'The specified key does not exist.')
        const headers = { 'content-type': found.type, 'content-length': String(found.bytes.length) }
        return [200, headers, request.method === 'HEAD' ? '' : found.bytes]
      }
      case 'DELETE':
        objects.delete(key)
        return [204]
      case 'POST uploads': {
        const id = `${randomBytes(12).toString('base64')}&<>`
        uploads.set(id, { ...label, key, parts: new Map() })
        return [
          200,
          {},
          `<InitiateMultipartUploadResult><UploadId>${id.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')}</UploadId></InitiateMultipartUploadResult>`,
        ]
      }
      case 'PUT upload': {
        const number = Number(query.get('partNumber'))
        if (!(number >= 1 && number <= 10_000)) throw new Refusal(400, 'InvalidArgument')
        openUpload(uploadId, key).parts.set(number, { etag: tagOf(body), bytes: body })
        return [200, { etag: tagOf(body) }]
      }
      case 'POST upload': {
        const upload = openUpload(uploadId, key)
        objects.set(key, { ...upload, bytes: joined(upload, body.toString()) })
        uploads.delete(uploadId ?? '')
        return [200, {}, `<CompleteMultipartUploadResult><Key>${key}</Key></CompleteMultipartUploadResult>`]
      }
      case 'DELETE upload':
        openUpload(uploadId, key)
        uploads.delete(uploadId ?? '')
        return [204]
      default:
        throw new Refusal(405, 'MethodNotAllowed')
    }
  }

  function openUpload(id: string | null, key: string): Upload {
    const upload = uploads.get(id ?? '')
    if (upload?.key !== key)
      throw new Refusal(404, 'NoSuchUpload', 'The specified upload does not exist. The upload ID may be invalid.')
    return upload
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.destroy(error as Error))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    url,
    objects,
    uploads,
    seen,
    /** Until it is told otherwise. */
    break: (rule: Fault | undefined) => {
      faults.rule = rule
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

export type ObjectStore = Awaited<ReturnType<typeof startObjectStore>>

const tagOf = (bytes: Buffer) => `"${createHash('md5').update(bytes).digest('hex')}"`

function joined({ parts }: Upload, xml: string): Buffer {
  const named = [...xml.matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part = '']) => ({
    number: Number(/<PartNumber>(\d+)<\/PartNumber>/.exec(part)?.[1]),
    etag: /<ETag>(.*?)<\/ETag>/.exec(part)?.[1]?.replaceAll('&quot;', '"'),
  }))
  if (named.length === 0) throw new Refusal(400, 'MalformedXML')
  return Buffer.concat(
    named.map(({ number, etag }, index) => {
      const part = parts.get(number)
      if (index > 0 && number <= (named[index - 1]?.number ?? 0))
        throw new Refusal(400, 'InvalidPartOrder', 'The list of parts was not in ascending order.')
      if (!part || part.etag !== etag)
        throw new Refusal(400, 'InvalidPart', 'One or more of the specified parts could not be found.')
      if (index < named.length - 1 && part.bytes.length < PART_MIN)
        throw new Refusal(400, 'EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size')
      return part.bytes
    }),
  )
}
