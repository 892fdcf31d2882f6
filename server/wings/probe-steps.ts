import { lookup } from 'node:dns/promises'
import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { Client } from 'undici'
import type { NodeCheckCause } from '#shared/node-check-causes'
import type { WingsAddress } from './connections'

/** Wings compares times exactly, but whole seconds are all that an answer tells. */
const CLOCK_WARN_SECONDS = 10
/** A console token lives ten minutes: then half of it would be lost, or it would come from the future. */
const CLOCK_FAIL_SECONDS = 300
const CERTIFICATE_WARN_MS = 14 * 86_400_000
const ANSWER_MAX_BYTES = 1024 * 1024

export type Detail = Record<string, string | number>

/** What went wrong at a step, in a code that has a sentence. */
export class Cause extends Error {
  readonly code: NodeCheckCause
  readonly detail: Detail | null
  constructor(code: NodeCheckCause, detail: Detail | null = null) {
    super(code)
    this.code = code
    this.detail = detail
  }
}

export async function resolveName(host: string, timeoutMs: number): Promise<Detail | null> {
  if (isIP(host)) return null
  const found = await within(timeoutMs, lookup(host, { all: true })).catch((error: unknown) => {
    throw new Cause(error instanceof OutOfTime ? 'name_timeout' : 'name_unknown', { host })
  })
  return { addresses: found.map(({ address }) => address).join(', ') }
}

export async function openPort(host: string, port: number, timeoutMs: number): Promise<null> {
  const socket = connectTcp({ host, port })
  try {
    await within(timeoutMs, opened(socket, 'connect'))
    return null
  } catch (error) {
    if (error instanceof OutOfTime) throw new Cause('port_timeout', { port })
    const unroutable = ['EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL'].includes(codeOf(error))
    throw new Cause(unroutable ? 'port_unroutable' : 'port_refused', { port })
  } finally {
    socket.destroy()
  }
}

export async function checkCertificate(
  host: string,
  port: number,
  allowInsecure: boolean,
  timeoutMs: number,
): Promise<Cause | Detail> {
  const socket = connectTls({ host, port, rejectUnauthorized: false, ...(!isIP(host) && { servername: host }) })
  try {
    await within(timeoutMs, opened(socket, 'secureConnect'))
    if (socket.authorized) return endOf(socket)
    const cause = causeOf(socket)
    if (!allowInsecure) throw cause
    return cause
  } catch (error) {
    if (error instanceof Cause) throw error
    if (error instanceof OutOfTime) throw new Cause('tls_timeout')
    // Plain HTTP answers a greeting in TLS with something that is none.
    const isPlain = ['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG', 'EPROTO'].includes(codeOf(error))
    throw new Cause(isPlain ? 'tls_absent' : 'tls_failed')
  } finally {
    socket.destroy()
  }
}

/** One that is renewed by itself never comes so near. */
function endOf(socket: TLSSocket): Cause | Detail {
  const ends = Date.parse(socket.getPeerCertificate().valid_to)
  const detail = { ends_at: new Date(ends).toISOString() }
  return ends - Date.now() < CERTIFICATE_WARN_MS ? new Cause('tls_ends_soon', detail) : detail
}

function causeOf(socket: TLSSocket): Cause {
  const { valid_from: from, valid_to: to, subjectaltname: names } = socket.getPeerCertificate()
  if (Date.parse(to) < Date.now()) return new Cause('tls_expired', { ended_at: new Date(to).toISOString() })
  if (Date.parse(from) > Date.now()) return new Cause('tls_not_yet_valid', { begins_at: new Date(from).toISOString() })

  // Node types it as an error; it is the code of one.
  const reason = String((socket.authorizationError as unknown as string) ?? '')
  if (reason === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return new Cause('tls_wrong_name', { names: (names ?? '').replaceAll('DNS:', '') })
  return new Cause(reason.includes('SELF_SIGNED') ? 'tls_self_signed' : 'tls_untrusted')
}

export interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
  /** Halfway between question and answer. */
  atMs: number
}

/** On a connection of its own: those of the node may all be taken by calls that wait. */
export async function ask(node: WingsAddress, timeoutMs: number): Promise<Answer> {
  const { origin, pathname } = new URL(node.baseUrl)
  const client = new Client(origin, {
    allowH2: false,
    connect: { timeout: timeoutMs, rejectUnauthorized: !node.allowInsecure },
  })
  const signal = AbortSignal.timeout(timeoutMs)
  const beganMs = Date.now()

  try {
    const {
      statusCode: status,
      headers,
      body,
    } = await client.request({
      method: 'GET',
      path: `${pathname.replace(/\/+$/, '')}/api/system?v=2`,
      headers: { authorization: `Bearer ${node.apiToken}`, accept: 'application/json' },
      signal,
    })
    const atMs = (beganMs + Date.now()) / 2
    let text = ''
    for await (const chunk of body) {
      text += (chunk as Buffer).toString('latin1')
      if (text.length > ANSWER_MAX_BYTES) break
    }
    return { status, headers, body: Buffer.from(text, 'latin1').toString('utf8'), atMs }
  } catch {
    throw new Cause(signal.aborted ? 'answer_timeout' : 'answer_broken')
  } finally {
    await client.destroy()
  }
}

export function compareClocks({ headers, atMs }: Answer): Cause | Detail | null {
  const theirs = Date.parse(String(headers.date))
  if (Number.isNaN(theirs)) return null
  // They cut their second off: on the average half of one is missing.
  const seconds = Math.round((theirs + 500 - atMs) / 1000) || 0 // never minus zero, which JSON does not keep
  if (Math.abs(seconds) < CLOCK_WARN_SECONDS) return { seconds }

  const cause = new Cause(seconds > 0 ? 'clock_ahead' : 'clock_behind', { seconds: Math.abs(seconds) })
  if (Math.abs(seconds) >= CLOCK_FAIL_SECONDS) throw cause
  return cause
}

class OutOfTime extends Error {}

async function within<Result>(timeoutMs: number, promise: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new OutOfTime()), timeoutMs)
  })
  try {
    return await Promise.race([promise, limit])
  } finally {
    clearTimeout(timer)
  }
}

const opened = (socket: Socket, event: 'connect' | 'secureConnect') =>
  new Promise<void>((resolve, reject) => {
    socket.once(event, resolve)
    // It stays: a socket that is destroyed later may still complain.
    socket.on('error', reject)
    socket.once('close', () => reject(new Error('The connection was closed.')))
  })

const codeOf = (error: unknown): string => {
  if (error instanceof AggregateError) return codeOf(error.errors[0])
  return String((error as { code?: unknown } | undefined)?.code ?? '')
}
