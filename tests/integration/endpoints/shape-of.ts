import type { Loose } from '../../support/api'
import { SHAPES, type Shape } from './shapes'

type Type =
  | { kind: 'plain'; name: string }
  | { kind: 'list'; of: Type }
  /** No fields: any object. */
  | { kind: 'object'; fields: [name: string, type: Type][] }
interface Optional {
  type: Type
  isNullable: boolean
}
type Field = [name: string, wanted: Optional]

/** Reads `id:int limits:{memory:int} tags:[str]?`. */
function read(text: string): Field[] {
  let at = 0
  const word = (pattern: RegExp) => {
    pattern.lastIndex = at
    const [found = ''] = pattern.exec(text) ?? []
    at += found.length
    return found
  }
  const type = (): Optional => {
    const found: Type =
      text[at] === '{' ? object() : text[at] === '[' ? list() : { kind: 'plain', name: word(/[a-z]+/y) }
    const isNullable = text[at] === '?'
    if (isNullable) at += 1
    return { type: found, isNullable }
  }
  const list = (): Type => {
    at += 1
    const of = type().type
    at += 1
    return { kind: 'list', of }
  }
  const object = (): Type => {
    at += 1
    const found = fields()
    at += 1
    return { kind: 'object', fields: found as never }
  }
  const fields = (): Field[] => {
    const found: Field[] = []
    while (at < text.length && text[at] !== '}') {
      const name = word(/[\w-]+/y)
      at += 1
      found.push([name, type()])
      word(/ */y)
    }
    return found
  }
  return fields()
}

const PLAIN: Record<string, (value: unknown) => boolean> = {
  int: (value) => Number.isInteger(value),
  num: (value) => typeof value === 'number',
  str: (value) => typeof value === 'string',
  bool: (value) => typeof value === 'boolean',
  ts: (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/.test(value),
  micro: (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(value),
  any: () => true,
}

/** What is wrong with an object, and what it has beyond the documented. */
export interface Judgement {
  faults: string[]
  additions: string[]
}

function judgeFields(fields: Field[], given: Record<string, unknown>, path: string): Judgement {
  const faults: string[] = []
  const additions = Object.keys(given)
    .filter((name) => name !== 'relationships' && !fields.some(([known]) => known === name))
    .map((name) => `${path}${name}`)
  const order = Object.keys(given).filter((name) => fields.some(([known]) => known === name))
  const wanted = fields.map(([name]) => name).filter((name) => name in given)
  if (order.join() !== wanted.join()) faults.push(`${path}: in the order ${order.join()} instead of ${wanted.join()}`)

  for (const [name, { type, isNullable }] of fields) {
    const value = given[name]
    if (value === null && isNullable) continue
    const inner = judgeValue(type, value, `${path}${name}`)
    faults.push(...inner.faults)
    additions.push(...inner.additions)
  }
  return { faults, additions }
}

function judgeValue(type: Type, value: unknown, path: string): Judgement {
  if (type.kind === 'list') {
    const isList = Array.isArray(value) && value.every((one) => judgeValue(type.of, one, path).faults.length === 0)
    return { faults: isList ? [] : [`${path} is ${JSON.stringify(value)}`], additions: [] }
  }
  if (type.kind === 'plain') {
    const isRight = PLAIN[type.name]?.(value) === true
    return { faults: isRight ? [] : [`${path} is ${JSON.stringify(value)}`], additions: [] }
  }
  if (typeof value !== 'object' || value === null) return { faults: [`${path} is no object`], additions: [] }
  const fields = type.fields as unknown as Field[]
  return fields.length === 0 ? { faults: [], additions: [] } : judgeFields(fields, value as never, `${path}.`)
}

/** One object and all that is included in it, held against what is documented of its name. */
export function judgeObject(reply: Loose, tree: Shape['tree'], variant?: string, path = ''): Judgement {
  if (Array.isArray(reply?.data)) return together(reply.data.map((one: Loose) => judgeObject(one, tree, variant, path)))
  if (typeof reply?.object !== 'string' || !reply.attributes) return { faults: [], additions: [] }
  const shape =
    SHAPES.find((one) => one.object === reply.object && one.tree === tree && one.variant === variant) ??
    // The activity that administrators read has the objects of the client API.
    SHAPES.find((one) => one.object === reply.object && ['activity_log', 'api_key', 'ssh_key'].includes(one.object))
  const own: Judgement = shape
    ? judgeFields(read(shape.attributes), reply.attributes, `${path}${reply.object}.`)
    : { faults: [], additions: [`${path}${reply.object}`] }
  const included = Object.values<Loose>(reply.attributes.relationships ?? {}).map((one) =>
    judgeObject(one, tree, undefined, path),
  )
  return together([own, ...included])
}

function together(all: Judgement[]): Judgement {
  return {
    faults: [...new Set(all.flatMap(({ faults }) => faults))],
    additions: [...new Set(all.flatMap(({ additions }) => additions))],
  }
}
