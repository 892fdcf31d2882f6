import { lookup } from 'node:dns/promises'
import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { Client } from 'undici'
import type { CheckStep } from '#shared/contracts/application/nodes'
import type { NodeCheckCause } from '#shared/node-check-causes'
import { breaker } from './breaker'
import type { WingsAddress } from './connections'
import { nodeSystem, type NodeSystem } from './system'

/** How long each step may take. */
const STEP_TIMEOUT_MS = 5_000
/** Wings compares times exactly, but whole seconds are all that an answer tells. */
const CLOCK_WARN_SECONDS = 10
/** A console token lives ten minutes: then half of it would be lost, or it would come from the future. */
const CLOCK_FAIL_SECONDS = 300
const ANSWER_MAX_BYTES = 1024 * 1024

const STEPS = ['name', 'port', 'tls', 'answer', 'token', 'clock'] as const
type Step = (typeof STEPS)[number]
type Detail = Record<string, string | number>

export interface Probe {
  /** In the order in which they depend on each other. A cause beside `ok: true` is a warning. */
  steps: CheckStep[]
  /** Whether Wings itself answered, whatever it said. */
  isInContact: boolean
  isTokenAccepted: boolean
  system: NodeSystem | null
  isPelican: boolean
}

/** What went wrong at a step, in a code that has a sentence. */
class Cause extends Error {
  readonly code: NodeCheckCause
  readonly detail: Detail | null
  constructor(code: NodeCheckCause, detail: Detail | null = null) {
    super(code)
    this.code = code
    this.detail = detail
  }
}

/**
 * Finds out step by step how far the way to a node leads. It takes no notice of the breaker, which is told how it ended:
 * whoever mends a node does not wait for fifteen seconds.
 */
export async function probeNode(node: WingsAddress, { stepTimeoutMs = STEP_TIMEOUT_MS } = {}): Promise<Probe> {
  const url = new URL(node.baseUrl)
  const isSecure = url.protocol === 'https:'
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const port = Number(url.port || (isSecure ? 443 : 80))

  const found: Partial<Record<Step, Omit<CheckStep, 'step'>>> = {}
  const probe: Probe = { steps: [], isInContact: false, isTokenAccepted: false, system: null, isPelican: false }

  /** Runs one step; a cause that it returns is a warning, one that it throws ends the way. */
  async function take(step: Step, act: () => Promise<Cause | Detail | null>): Promise<void> {
    const began = performance.now()
    const outcome = await act().catch((error: unknown) => {
      if (!(error instanceof Cause)) throw error
      found[step] = { ok: false, ms: since(began), cause: error.code, detail: error.detail }
      throw error
    })
    const isWarning = outcome instanceof Cause
    found[step] = {
      ok: true,
      ms: since(began),
      cause: isWarning ? outcome.code : null,
      detail: isWarning ? outcome.detail : outcome,
    }
  }

  try {
    await take('name', () => resolveName(host, stepTimeoutMs))
    await take('port', () => openPort(host, port, stepTimeoutMs))
    if (isSecure) await take('tls', () => checkCertificate(host, port, node.allowInsecure, stepTimeoutMs))

    const answer = await answered()
    await take('token', async () => {
      if (answer.status === 401 || answer.status === 403) throw new Cause('token_refused', { status: answer.status })
      probe.isTokenAccepted = true
      return null
    })
    await take('clock', async () => compareClocks(answer))
  } catch (error) {
    if (!(error instanceof Cause)) throw error
  }

  async function answered(): Promise<Answer> {
    let answer: Answer | undefined
    await take('answer', async () => {
      answer = await ask(node, stepTimeoutMs)
      const outcome = judge(answer, probe)
      probe.isInContact = true
      return outcome
    })
    return answer as Answer
  }

  breaker.note(node.id, probe.isInContact ? 'answered' : 'silent')
  const waiting = { ok: null, ms: null, cause: null, detail: null }
  probe.steps = STEPS.filter((step) => isSecure || step !== 'tls').map((step) => ({
    step,
    ...(found[step] ?? waiting),
  }))
  return probe
}

const since = (began: number) => Math.round(performance.now() - began)

async function resolveName(host: string, timeoutMs: number): Promise<Detail | null> {
  if (isIP(host)) return null
  const found = await within(timeoutMs, lookup(host, { all: true })).catch((error: unknown) => {
    throw new Cause(error instanceof OutOfTime ? 'name_timeout' : 'name_unknown', { host })
  })
  return { addresses: found.map(({ address }) => address).join(', ') }
}

async function openPort(host: string, port: number, timeoutMs: number): Promise<null> {
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

async function checkCertificate(
  host: string,
  port: number,
  allowInsecure: boolean,
  timeoutMs: number,
): Promise<Cause | null> {
  const socket = connectTls({ host, port, rejectUnauthorized: false, ...(!isIP(host) && { servername: host }) })
  try {
    await within(timeoutMs, opened(socket, 'secureConnect'))
    const cause = socket.authorized ? null : causeOf(socket)
    if (cause && !allowInsecure) throw cause
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

interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
  /** Halfway between question and answer. */
  atMs: number
}

/** On a connection of its own: those of the node may all be taken by calls that wait. */
async function ask(node: WingsAddress, timeoutMs: number): Promise<Answer> {
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

/** Whether it is Wings that answers, by how Wings answers. */
function judge({ status, headers, body }: Answer, probe: Probe): Cause | Detail | null {
  const said = jsonOf(body)
  const system = nodeSystem.safeParse(said)

  if (status === 200 && system.success) {
    probe.system = system.data
    probe.isPelican = /^Pelican Wings\//i.test(String(headers['user-agent'] ?? ''))
    return { version: system.data.version }
  }

  const isWings = typeof said === 'object' && said !== null && typeof (said as { error?: unknown }).error === 'string'
  if (isWings && (status === 401 || status === 403)) return null
  // Without Docker, Wings cannot describe its machine; that it tries means that it took the token.
  if (isWings && status >= 500) return new Cause('answer_failing', { status })
  if (status === 400 && /HTTP request to an HTTPS server/i.test(body)) throw new Cause('answer_wants_tls')
  throw new Cause('answer_not_wings', { status })
}

function compareClocks({ headers, atMs }: Answer): Cause | Detail | null {
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

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
