import type { CheckStep } from '#shared/contracts/application/nodes'
import { breaker } from './breaker'
import type { WingsAddress } from './connections'
import {
  ask,
  Cause,
  checkCertificate,
  compareClocks,
  openPort,
  resolveName,
  type Answer,
  type Detail,
} from './probe-steps'
import { nodeSystem, type NodeSystem } from './system'

/** How long each step may take. */
const STEP_TIMEOUT_MS = 5_000

const STEPS = ['name', 'port', 'tls', 'answer', 'token', 'clock'] as const
type Step = (typeof STEPS)[number]

export interface Probe {
  /** In the order in which they depend on each other. A cause beside `ok: true` is a warning. */
  steps: CheckStep[]
  /** Whether Wings itself answered, whatever it said. */
  isInContact: boolean
  isTokenAccepted: boolean
  system: NodeSystem | null
  isPelican: boolean
}

/**
 * Finds out step by step how far the way to a node leads. It takes no notice of the breaker, which is told how it ended:
 * whoever mends a node does not wait for fifteen seconds.
 */
export async function probeNode(node: WingsAddress, { stepTimeoutMs = STEP_TIMEOUT_MS } = {}): Promise<Probe> {
  // A row that came from elsewhere may hold what is no address: nobody is known by that name.
  const url = URL.parse(node.baseUrl)
  const isSecure = url?.protocol === 'https:'
  const host = url?.hostname.replace(/^\[|\]$/g, '') ?? node.baseUrl
  const port = Number(url?.port || (isSecure ? 443 : 80))

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

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
