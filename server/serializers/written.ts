import { randomUUID } from 'node:crypto'

/** No text that anybody sends holds it. */
const MARK = `written:${randomUUID()}`
const MARK_TEXT = JSON.stringify(MARK)

/** What was met while a document is written, in its order: writing never waits in between. */
let met: string[] = []

class Written {
  readonly #json: string

  constructor(json: string) {
    this.#json = json
  }

  toJSON(): string {
    met.push(this.#json)
    return MARK
  }
}

/** Stands for a `T` that is JSON already: most of a list of servers are variables of a few eggs, the same in each of them. */
export const written = <T>(json: string): T => new Written(json) as T

/** A document in JSON, with what is `written` put in as it is. */
export function jsonOf(document: unknown): string {
  met = []
  const text = JSON.stringify(document)
  if (met.length === 0) return text
  const [first = '', ...rest] = text.split(MARK_TEXT)
  return rest.reduce((whole, part, at) => whole + met[at] + part, first)
}
