import { z } from 'zod'
import type { Endpoint, Parsed } from './endpoint'

/** `{ object: 'backup', attributes: { … } }`. What was included travels inside the attributes, as `relationships`. */
export function item<const Name extends string, Attributes extends z.ZodType>(object: Name, attributes: Attributes) {
  return z.object({ object: z.literal(object), attributes })
}

/** Everything there is, unpaged. */
export function list<Item extends z.ZodType>(of: Item) {
  return z.object({ object: z.literal('list'), data: z.array(of) })
}

const links = z.object({ previous: z.url().optional(), next: z.url().optional() })
export const pagination = z.object({
  total: z.int(),
  count: z.int(),
  per_page: z.int(),
  current_page: z.int(),
  total_pages: z.int(),
  links,
})

/** A stretch of a longer list. `more` is what one endpoint says beside the pagination. */
export function page<Item extends z.ZodType, More extends z.ZodRawShape = Record<never, never>>(of: Item, more?: More) {
  return list(of).extend({ meta: z.object({ pagination }).extend((more ?? {}) as More) })
}

/** What an include answers that the caller may not read, or that is not there. */
export const nothing = z.object({ object: z.literal('null_resource'), attributes: z.null() })

/** What a serializer must produce. */
export type Wire<Schema extends z.ZodType> = z.input<Schema>

/** The same without envelopes: an item is its attributes, a list an array, a page `{ items, meta }`, a null resource `null`. */
export type Plain<W> = W extends { object: 'null_resource' }
  ? null
  : W extends { object: 'list'; data: (infer One)[] }
    ? W extends { meta: infer Meta }
      ? { items: Plain<One>[]; meta: Meta }
      : Plain<One>[]
    : W extends { object: string | null; attributes: infer A }
      ? Attributes<A> & (W extends { meta: infer Meta } ? { meta: Meta } : unknown)
      : W

type Attributes<A> = { [K in keyof A]: K extends 'relationships' ? Included<A[K]> : A[K] }
type Included<R> = { [Name in keyof R]: Plain<R[Name]> }

/** What a caller of an endpoint has in hand. */
export type Answer<E extends Endpoint> = Plain<Parsed<E, 'reply'>>

interface Envelope {
  object: string | null
  attributes?: Record<string, unknown> | null
  data?: unknown[]
  meta?: unknown
}

const isEnvelope = (wire: unknown): wire is Envelope => typeof wire === 'object' && wire !== null && 'object' in wire

/** The runtime half of `Plain`. */
export function unwrap(wire: unknown): unknown {
  if (!isEnvelope(wire)) return wire
  if (wire.object === 'null_resource') return null
  if (wire.object === 'list' && wire.data) {
    const items = wire.data.map(unwrap)
    return wire.meta ? { items, meta: wire.meta } : items
  }
  if (!wire.attributes) return wire

  const { relationships, ...attributes } = wire.attributes
  const included = Object.entries((relationships ?? {}) as Record<string, unknown>).map(([name, one]) => [
    name,
    unwrap(one),
  ])
  return {
    ...attributes,
    ...(relationships ? { relationships: Object.fromEntries(included) } : {}),
    ...(wire.meta ? { meta: wire.meta } : {}),
  }
}
