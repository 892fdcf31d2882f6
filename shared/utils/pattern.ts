import { NotUnderstood, Reader, type Node, type Test } from '#shared/utils/pattern/reader'

/**
 * Patterns as eggs hold them (`/^[a-z]+$/i`, PHP's spelling), decided in time proportional to pattern times text. The
 * engine of JavaScript goes back over its tracks: one careless pattern of an egg and one long value would stop the
 * process for everybody. Here a place in the pattern is tried at a place in the text once.
 */
export interface Pattern {
  test: (text: string) => boolean
}

/** Instructions a pattern may become; counted repetitions are written out. */
const PROGRAM_MAX = 20_000
/** Steps one question may cost; beyond it the answer is no, as PHP's own limit has it. */
const STEPS_MAX = 2_000_000

type Step =
  | { op: 'char'; test: Test }
  | { op: 'place'; test: (text: readonly string[], at: number) => boolean }
  | { op: 'look'; steps: Step[]; isBehind: boolean; isNegative: boolean }
  | { op: 'fork'; one: number; other: number }
  | { op: 'jump'; to: number }
  | { op: 'end' }

const PAIRS: Record<string, string> = { '(': ')', '[': ']', '{': '}', '<': '>' }

/** Takes the delimiters off: `#^a$#i` is `^a$` with `i`. Null where there are none. */
export function undelimited(text: string): { source: string; flags: string } | null {
  const open = text.trimStart()[0] ?? ''
  if (!open || /[\p{L}\p{N}\\\s]/u.test(open)) return null
  const start = text.indexOf(open)
  const end = text.lastIndexOf(PAIRS[open] ?? open)
  const flags = text.slice(end + 1).trim()
  if (end <= start || !/^[imsxuADUSXJn]*$/.test(flags)) return null
  return { source: text.slice(start + 1, end), flags }
}

/** Null for what is no pattern, or uses what cannot be decided in linear time (back references, recursion). */
export function compilePattern(delimited: string): Pattern | null {
  const bare = undelimited(delimited)
  if (!bare) return null
  try {
    const steps = programOf(new Reader(bare.source, bare.flags).read())
    const isAnchored = bare.flags.includes('A')
    return { test: (text) => isFound(steps, [...text], isAnchored) }
  } catch (error) {
    if (error instanceof NotUnderstood) return null
    throw error
  }
}

function isFound(steps: Step[], text: string[], isAnchored: boolean): boolean {
  const cells = steps.length * (text.length + 1)
  if (cells > 8 * STEPS_MAX) return false
  const budget = { left: STEPS_MAX }
  // A place that led nowhere from an earlier start leads nowhere from a later one: nothing is remembered on the way.
  const seen = new Uint8Array(cells)
  const isNew = (cell: number) => (seen[cell] ? false : ((seen[cell] = 1), true))
  const last = isAnchored ? 0 : text.length
  for (let start = 0; start <= last; start++) {
    if (run(steps, text, start, isNew, budget)) return true
    if (budget.left <= 0) return false
  }
  return false
}

function run(
  steps: Step[],
  text: string[],
  start: number,
  isNew: (cell: number) => boolean,
  budget: { left: number },
  mustEndAt?: number,
): boolean {
  const width = text.length + 1
  const open: number[] = [start] // step * width + place
  for (let cell = open.pop(); cell !== undefined; cell = open.pop()) {
    if (!isNew(cell)) continue
    if (--budget.left <= 0) return false

    const index = Math.floor(cell / width)
    const at = cell % width
    const step = steps[index]
    switch (step?.op) {
      case undefined:
        break
      case 'end':
        if (mustEndAt === undefined || at === mustEndAt) return true
        break
      case 'char':
        if (at < text.length && step.test(text[at] ?? '')) open.push((index + 1) * width + at + 1)
        break
      case 'place':
        if (step.test(text, at)) open.push((index + 1) * width + at)
        break
      case 'look':
        if (isSeen(step, text, at, budget) !== step.isNegative) open.push((index + 1) * width + at)
        break
      case 'jump':
        open.push(step.to * width + at)
        break
      case 'fork':
        open.push(step.other * width + at, step.one * width + at)
        break
    }
  }
  return false
}

function isSeen(
  { steps, isBehind }: Step & { op: 'look' },
  text: string[],
  at: number,
  budget: { left: number },
): boolean {
  const fresh = () => {
    const seen = new Set<number>()
    return (cell: number) => (seen.has(cell) ? false : (seen.add(cell), true))
  }
  if (!isBehind) return run(steps, text, at, fresh(), budget)
  const isNew = fresh()
  for (let start = at; start >= 0 && budget.left > 0; start--) {
    if (run(steps, text, start, isNew, budget, at)) return true
  }
  return false
}

function programOf(node: Node): Step[] {
  const steps: Step[] = []
  const add = (step: Step) => {
    if (steps.length >= PROGRAM_MAX) throw new NotUnderstood('too long')
    return steps.push(step) - 1
  }

  let written = 0
  function write(one: Node): void {
    // What is empty adds no step, however often it is repeated.
    if (++written > 10 * PROGRAM_MAX) throw new NotUnderstood('too long')
    switch (one.kind) {
      case 'char':
        add({ op: 'char', test: one.test })
        return
      case 'place':
        add({ op: 'place', test: one.test })
        return
      case 'look':
        add({ op: 'look', steps: programOf(one.body), isBehind: one.isBehind, isNegative: one.isNegative })
        return
      case 'sequence':
        one.parts.forEach(write)
        return
      case 'choice': {
        const ends: (Step & { op: 'jump' })[] = []
        one.branches.forEach((branch, index) => {
          const isLast = index === one.branches.length - 1
          if (isLast) return write(branch)
          const fork = { op: 'fork' as const, one: steps.length + 1, other: 0 }
          add(fork)
          write(branch)
          const jump = { op: 'jump' as const, to: 0 }
          add(jump)
          ends.push(jump)
          fork.other = steps.length
        })
        for (const jump of ends) jump.to = steps.length
        return
      }
      case 'repeat': {
        for (let count = 0; count < one.min; count++) write(one.body)
        if (one.max === Number.POSITIVE_INFINITY) {
          const fork = { op: 'fork' as const, one: steps.length + 1, other: 0 }
          const start = add(fork)
          write(one.body)
          add({ op: 'jump', to: start })
          fork.other = steps.length
          return
        }
        const forks: (Step & { op: 'fork' })[] = []
        for (let count = one.min; count < one.max; count++) {
          const fork = { op: 'fork' as const, one: steps.length + 1, other: 0 }
          add(fork)
          forks.push(fork)
          write(one.body)
        }
        for (const fork of forks) fork.other = steps.length
      }
    }
  }

  write(node)
  add({ op: 'end' })
  return steps
}
