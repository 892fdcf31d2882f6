import { gunzipSync } from 'node:zlib'
import { getHeader, getRequestHeader, setResponseHeader, type H3Event } from 'h3'
import qs from 'qs'
import { AppError } from '#server/errors'
import { BODY_MAX_BYTES, receiveBody } from './receive-body'

/** Kept as they were typed: an edge blank may be meant. */
const SECRETS = new Set(['password', 'password_confirmation', 'current_password', 'mail_password'])

/** Before anybody is asked who he is. @throws {AppError} `request.too_large` */
export function refuseTooLarge(event: H3Event, maxBytes = BODY_MAX_BYTES): void {
  if (Number(getHeader(event, 'content-length') ?? 0) <= maxBytes) return
  // What has still to come would be taken for the next request.
  setResponseHeader(event, 'connection', 'close')
  throw new AppError('request.too_large')
}

/** The body's bytes, unzipped. @throws {AppError} `request.malformed`, `request.too_large` */
export async function readBytes(event: H3Event, maxBytes = BODY_MAX_BYTES): Promise<Buffer> {
  refuseTooLarge(event, maxBytes)
  const raw = await receiveBody(event.node.req, maxBytes).catch((refused: AppError) => {
    setResponseHeader(event, 'connection', 'close')
    throw refused
  })
  if (getHeader(event, 'content-encoding') !== 'gzip') return raw

  try {
    return gunzipSync(raw, { maxOutputLength: maxBytes })
  } catch (cause) {
    throw new AppError('request.malformed', { values: { fault: 'the gzip encoding is broken' }, cause })
  }
}

/**
 * The body as a JSON value or as the fields of a form; undefined when there is none. Read once for a request.
 * Clients label bodies as they like: a JSON label is believed, and so is a body that begins like JSON.
 *
 * @throws {AppError} `request.malformed`, `request.too_large`
 */
export async function readDocument(event: H3Event): Promise<unknown> {
  const context = event.context as { document?: { value: unknown } }
  if (!context.document) context.document = { value: await parseDocument(event) }
  return context.document.value
}

async function parseDocument(event: H3Event): Promise<unknown> {
  if (isRead(event) && !hasBody(event)) return undefined
  const text = (await readBytes(event)).toString('utf8')
  if (text.trim() === '') return undefined

  const type = getRequestHeader(event, 'content-type') ?? ''
  if (/[/+]json\b/i.test(type)) return refuseDepth(parseJson(text), text)
  if (/^\s*[[{]/.test(text)) {
    let document: unknown
    try {
      document = JSON.parse(text)
    } catch {
      return undefined // Not labelled as JSON, so nothing was promised.
    }
    return refuseDepth(document, text)
  }
  return /x-www-form-urlencoded/i.test(type) ? qs.parse(text, { depth: 5 }) : undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new AppError('request.malformed', { values: { fault: 'Syntax error' }, cause })
  }
}

/** As deep as the panels before read it: what walks a document deeper runs out of stack. */
const DEPTH_MAX = 512

function refuseDepth(document: unknown, text: string): unknown {
  // Each level has an end of its own.
  if (text.length < DEPTH_MAX * 2) return document
  let level = [document]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEPTH_MAX)
      throw new AppError('request.malformed', { values: { fault: 'Maximum stack depth exceeded' } })
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []))
  }
  return document
}

/** The database stores no NUL, and no client means one. */
function refuseNul(text: string): void {
  if (text.includes('\0'))
    throw new AppError('request.malformed', { values: { fault: 'a text contains the character NUL' } })
}

/**
 * The query with brackets unfolded: `filter[name]=x`, `include[]=a`.
 *
 * @throws {AppError} `request.malformed`
 */
function readQuery(event: H3Event): Record<string, unknown> {
  const at = event.path.indexOf('?')
  if (/%00/.test(event.path.slice(at + 1))) refuseNul('\0')
  return at < 0 ? {} : (qs.parse(event.path.slice(at + 1), { depth: 3, arrayLimit: 200 }) as Record<string, unknown>)
}

const isRead = (event: H3Event): boolean => event.method === 'GET' || event.method === 'HEAD'

const hasBody = (event: H3Event): boolean =>
  Number(getHeader(event, 'content-length') ?? 0) > 0 || getHeader(event, 'transfer-encoding') !== undefined

/**
 * The query, and the body over it: some clients send what belongs to the query as JSON, with a GET too. Where the body is
 * the bytes of a file it is left alone.
 *
 * @throws {AppError} `request.malformed`
 */
export async function readQueryAndBody(
  event: H3Event,
  { hasFields }: { hasFields: boolean },
): Promise<Record<string, unknown>> {
  if (!hasFields && !isRead(event) && event.method !== 'DELETE') return readQuery(event)
  return { ...readQuery(event), ...(tidy(await readFields(event), true) as object) }
}

/** An array is how some clients say that there are no fields. */
async function readFields(event: H3Event): Promise<object> {
  const document = await readDocument(event)
  return typeof document === 'object' && document !== null && !Array.isArray(document) ? document : {}
}

interface Manners {
  /** Names of files may begin or end with a blank, and scripts with a line end. */
  keepsBlanks: boolean
}

/** Query and body as one: the body wins, strings are trimmed, blank ones are null. */
export async function readInput(event: H3Event, { keepsBlanks }: Manners): Promise<Record<string, unknown>> {
  return tidy({ ...readQuery(event), ...(await readFields(event)) }, keepsBlanks) as Record<string, unknown>
}

function tidy(value: unknown, keepsBlanks: boolean, key = ''): unknown {
  if (typeof value === 'string') {
    refuseNul(value)
    const text = keepsBlanks || SECRETS.has(key) ? value : value.trim()
    return text === '' ? null : text
  }
  if (Array.isArray(value)) return value.map((one) => tidy(one, keepsBlanks))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, tidy(one, keepsBlanks, name)]))
  }
  return value
}
