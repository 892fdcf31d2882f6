import { EventEmitter } from 'node:events'
import { stripVTControlCharacters } from 'node:util'

const LINE_MAX_BYTES = 64 * 1024
const THROTTLE = { lines: 2_000, resetMs: 100 }

/** How many lines a stopped container still shows through the API. */
const KEPT_LINES = 1_000

interface ConsoleEvents {
  line: [line: string, from: 'game' | 'daemon']
}

/** What a container has printed since it was made, and who listens. */
export class Console extends EventEmitter<ConsoleEvents> {
  #lines: string[] = []
  #printed = 0
  #since = 0

  /** A line of the game. Too many at once are dropped, with one notice. */
  print(line: string, noticeOf: (text: string) => string): void {
    const cut =
      Buffer.byteLength(line) > LINE_MAX_BYTES ? Buffer.from(line).subarray(0, LINE_MAX_BYTES).toString() : line
    this.#lines.push(cut)
    if (this.#lines.length > KEPT_LINES) this.#lines.shift()

    const now = Date.now()
    if (now - this.#since > THROTTLE.resetMs) {
      this.#since = now
      this.#printed = 0
    }
    this.#printed += 1
    if (this.#printed <= THROTTLE.lines) this.emit('line', cut, 'game')
    if (this.#printed === THROTTLE.lines + 1)
      this.emit('line', noticeOf('The server prints too fast, lines are left out'), 'daemon')
  }

  last(count: number): string[] {
    return count > 0 ? this.#lines.slice(-count) : []
  }

  clear(): void {
    this.#lines = []
  }
}

/** Whether a line is one of those that an egg waits for. An expression that cannot be read never matches. */
export function isDone(line: string, done: string[], stripAnsi: boolean): boolean {
  const read = stripAnsi ? stripVTControlCharacters(line) : line
  return done.some((marker) => {
    if (!marker.startsWith('regex:')) return read.includes(marker)
    try {
      return goExpression(marker.slice('regex:'.length)).test(read)
    } catch {
      return false
    }
  })
}

/** RE2 writes flags at the head of an expression, JavaScript beside it. */
function goExpression(source: string): RegExp {
  const [head = '', flags = ''] = /^\(\?([ims]+)\)/.exec(source) ?? []
  return new RegExp(source.slice(head.length).replaceAll('(?P<', '(?<'), flags)
}
