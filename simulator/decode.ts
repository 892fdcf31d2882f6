/**
 * JSON as Go reads it. An integer field takes neither `1.0` nor `"1"`, a boolean no 0, a map no `[]`, a list no `{}`;
 * null and a missing key leave the zero value; unknown keys are ignored.
 */
export type Decode<T> = (given: unknown, at: string) => T
export type Decoded<D> = D extends Decode<infer T> ? T : never

export class DecodeError extends Error {}

/** What ends the whole daemon, because nobody catches it there. */
export class Panic extends Error {}

/** A number that was not written as an integer. JavaScript would take `1.0` and `1` for the same. */
class FloatLiteral {
  readonly value: number
  constructor(value: number) {
    this.value = value
  }
}

type Reviver = (this: unknown, key: string, value: unknown, context?: { source?: string }) => unknown

/** @throws {DecodeError} */
export function parseJson(text: string): unknown {
  const revive: Reviver = (_key, value, context) =>
    typeof value === 'number' && !/^-?\d+$/.test(context?.source ?? String(value)) ? new FloatLiteral(value) : value

  try {
    return JSON.parse(text, revive)
  } catch (cause) {
    throw new DecodeError('json: the text is not valid JSON', { cause })
  }
}

function refuse(given: unknown, at: string, wanted: string): never {
  const kind = Array.isArray(given) ? 'array' : given instanceof FloatLiteral ? `number ${given.value}` : typeof given
  throw new DecodeError(`json: cannot read ${kind} at ${at || '.'} as ${wanted}`)
}

const isAbsent = (given: unknown): given is null | undefined => given === null || given === undefined

export const int: Decode<number> = (given, at) => {
  if (isAbsent(given)) return 0
  return typeof given === 'number' ? given : refuse(given, at, 'int')
}

export const uint: Decode<number> = (given, at) => {
  const number = int(given, at)
  return number >= 0 ? number : refuse(given, at, 'uint')
}

export const text: Decode<string> = (given, at) => {
  if (isAbsent(given)) return ''
  return typeof given === 'string' ? given : refuse(given, at, 'string')
}

export const bool: Decode<boolean> = (given, at) => {
  if (isAbsent(given)) return false
  return typeof given === 'boolean' ? given : refuse(given, at, 'bool')
}

/** Any value, as JavaScript has it. */
export const any: Decode<unknown> = (given) => {
  if (given instanceof FloatLiteral) return given.value
  if (Array.isArray(given)) return given.map((one) => any(one, ''))
  if (typeof given !== 'object' || given === null) return given
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, any(value, '')]))
}

export const nullable =
  <T>(of: Decode<T>): Decode<T | null> =>
  (given, at) =>
    isAbsent(given) ? null : of(given, at)

export const list =
  <T>(of: Decode<T>): Decode<T[]> =>
  (given, at) => {
    if (isAbsent(given)) return []
    return Array.isArray(given) ? given.map((one, index) => of(one, `${at}[${index}]`)) : refuse(given, at, 'slice')
  }

const isMap = (given: unknown): given is Record<string, unknown> =>
  typeof given === 'object' && given !== null && !Array.isArray(given) && !(given instanceof FloatLiteral)

export const map =
  <T>(of: Decode<T>): Decode<Record<string, T>> =>
  (given, at) => {
    if (isAbsent(given)) return {}
    if (!isMap(given)) return refuse(given, at, 'map')
    return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, of(value, `${at}.${key}`)]))
  }

type Shape = Record<string, Decode<unknown>>

export const struct =
  <S extends Shape>(shape: S): Decode<{ [Key in keyof S]: Decoded<S[Key]> }> =>
  (given, at) => {
    if (!isAbsent(given) && !isMap(given)) return refuse(given, at, 'struct')
    const held = given ?? {}
    const read = Object.entries(shape).map(([key, of]) => [key, of(held[key], `${at}.${key}`)])
    return Object.fromEntries(read) as { [Key in keyof S]: Decoded<S[Key]> }
  }
