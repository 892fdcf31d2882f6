import type { z } from 'zod'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
export type Signature = `${Method} /${string}`

export interface Schemas {
  /** Where a path parameter has a form of its own; one that does not fit answers 404. */
  params?: z.ZodType
  query?: z.ZodType
  body?: z.ZodType
  /** Left out: 204. */
  reply?: z.ZodType
  /** 201 where the application API creates, 202 for what has only begun. */
  status?: 201 | 202
}

export interface Endpoint<Sign extends Signature = Signature, S extends Schemas = Schemas> {
  method: Method
  path: string
  schemas: S
  /** Type only: carries the path's parameters to callers and to the guard. */
  readonly signature?: Sign
}

/** Declares one operation of the API. The route, its guard and every caller are typed from it. */
export function endpoint<const Sign extends Signature, const S extends Schemas>(
  signature: Sign,
  schemas: S,
): Endpoint<Sign, S> {
  const [method, path] = signature.split(' ') as [Method, string]
  return { method, path, schemas }
}

export type ParamName<Path extends string> = Path extends `${string}:${infer Rest}`
  ? Rest extends `${infer Name}/${infer Tail}`
    ? Name | ParamName<`/${Tail}`>
    : Rest
  : never

export type SignatureOf<E> = E extends Endpoint<infer Sign, Schemas> ? Sign : never
export type Params<E> = { [Name in ParamName<SignatureOf<E>>]: string }

type SchemaOf<E, Part extends 'query' | 'body' | 'reply'> =
  E extends Endpoint<Signature, infer S> ? (S[Part] extends z.ZodType ? S[Part] : undefined) : undefined

/** What a caller hands over: before defaults and coercion. */
export type Given<E, Part extends 'query' | 'body' | 'reply'> =
  SchemaOf<E, Part> extends infer Schema extends z.ZodType ? z.input<Schema> : undefined

/** What a route receives. */
export type Parsed<E, Part extends 'query' | 'body' | 'reply'> =
  SchemaOf<E, Part> extends infer Schema extends z.ZodType ? z.output<Schema> : undefined
