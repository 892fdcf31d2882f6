import type { Loose } from '../../support/api'

/** Who calls. `guest` is a browser that keeps its cookies and is signed in by these very calls. */
export type As = 'nobody' | 'owner' | 'root' | 'guest'

export interface Row {
  /** As it is documented, with the names of our path parameters. */
  endpoint: string
  as?: As
  query?: string
  body?: (known: Known) => unknown
  status?: number
  /** The object that is answered; of a list, its elements: `list of backup`. A bare object: `{}`. None: no body. */
  answers?: string
  variant?: string
  /** What stands beside the object, by its path. */
  beside?: string[]
  learns?: (reply: Loose, known: Known) => void
  before?: (known: Known, stage: Stage) => Promise<void>
}

/** What earlier calls have answered, by the names of path parameters and others. */
export type Known = Record<string, Loose>

/** What can be done behind the API's back. */
export interface Stage {
  codeOf: (secret: string) => Promise<string>
  settled: () => Promise<void>
  secondFactor: (known: Known) => Promise<void>
  selfService: () => Promise<void>
  running: () => Promise<void>
  primaryAgain: () => Promise<void>
  unlocked: () => Promise<void>
  anotherServer: (known: Known) => Promise<void>
  backedUp: (uuid: string) => Promise<void>
  resetToken: () => Promise<string>
  freeAllocation: () => Promise<number>
  emptyEgg: () => Promise<{ id: string; uuid: string }>
}

export const PASSWORD = 'correct horse battery'
export const made = 201
export const begun = 202
export const done = 204

export const idOf = (name: string) => (reply: Loose, known: Known) => void (known[name] = reply.attributes.id)
