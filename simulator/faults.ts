/**
 * `handled`: the node does what was asked, and the fault shows afterwards, as when an answer is lost on its way.
 * A slow node does it in the end either way; one that dies has done it unless told otherwise, one that hangs or refuses
 * has not.
 */
export type Fault =
  | { kind: 'slow'; ms: number; handled?: boolean }
  | { kind: 'hung'; handled?: boolean }
  | { kind: 'refusing'; status: number; body?: unknown; handled?: boolean }
  | { kind: 'dying'; handled?: boolean }

/**
 * What goes wrong at a source, though it was asked rightly: the files cannot be read, the stream breaks half-way or goes
 * on for ever, or the checksum does not match what was sent, which real ones are seen to do now and then.
 */
export type TransferFault = 'archive' | 'stream' | 'halt' | 'checksum'

export interface FaultRule {
  /** `POST /api/servers`, `* /api/servers/*\/files/*`, `*`. */
  on: string
  fault: Fault
  /** How many calls it strikes. Left out: all. */
  times?: number
}

interface Standing {
  matches: RegExp
  fault: Fault
  left: number
}

export class Faults {
  #standing: Standing[] = []

  /** Orders a fault; the latest order that fits a call wins. Returns what withdraws it. */
  add({ on, fault, times = Infinity }: FaultRule): () => void {
    const standing = { matches: patternOf(on), fault, left: times }
    this.#standing.unshift(standing)
    return () => {
      this.#standing = this.#standing.filter((one) => one !== standing)
    }
  }

  clear(): void {
    this.#standing = []
  }

  /** The fault that strikes this call, which is counted. */
  strike(method: string, path: string): Fault | undefined {
    const struck = this.#standing.find((one) => one.left > 0 && one.matches.test(`${method} ${path}`))
    if (struck) struck.left -= 1
    return struck?.fault
  }
}

function patternOf(on: string): RegExp {
  const [method, path] = on.includes(' ') ? (on.split(' ', 2) as [string, string]) : ['*', on]
  return new RegExp(`^${widened(method)} ${widened(path)}$`)
}

const widened = (part: string) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')
