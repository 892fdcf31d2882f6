import { z } from 'zod'

/** `2026-01-01T12:00:00+00:00`: seconds, a numeric offset, never `Z`. */
export const stamp = () => z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/)

const isMoment = (text: string) => z.union([z.iso.datetime({ offset: true }), z.iso.date()]).safeParse(text).success

/** A moment to come, kept as ISO in UTC. A day alone means its beginning. `name` is how the sentences call it. */
export const comingMoment = (name: string) =>
  z
    .string()
    .refine(isMoment, { error: `The ${name} is not a valid date.`, params: { rule: 'date' }, abort: true })
    .refine((moment) => Date.parse(moment) > Date.now(), {
      error: `The ${name} must be a date after now.`,
      params: { rule: 'after' },
    })
    .transform((moment) => new Date(moment).toISOString())

const TRUE = new Set<unknown>([true, 1, '1', 'true'])
const FALSE = new Set<unknown>([false, 0, '0', 'false'])

/** A boolean as clients send it: `true`, `1`, `"1"`, `"true"` and their opposites. */
export const flag = () => z.preprocess(asFlag, z.boolean())

export const asFlag = (given: unknown) => (TRUE.has(given) ? true : FALSE.has(given) ? false : given)

export const asNumber = (given: unknown) =>
  typeof given === 'string' && /^-?\d+(\.\d+)?$/.test(given.trim()) ? Number(given) : given

/** An integer, or text that holds one. */
export const wholeNumber = ({
  min = Number.MIN_SAFE_INTEGER,
  max = Number.MAX_SAFE_INTEGER,
}: { min?: number; max?: number } = {}) =>
  z.preprocess((given, context) => {
    const number = asNumber(given)
    if (typeof number === 'number' || number === undefined || number === null) return number
    // By itself it would only miss a number.
    context.issues.push({ code: 'invalid_type', expected: 'int', input: given })
    return z.NEVER
  }, z.int().min(min).max(max))

/** Any number, or text that holds one; cut to an integer, as the columns and Wings want it. */
export const roundedNumber = ({
  min = Number.MIN_SAFE_INTEGER,
  max = Number.MAX_SAFE_INTEGER,
}: { min?: number; max?: number } = {}) => z.preprocess(asNumber, z.number().min(min).max(max).transform(Math.trunc))

/** The number under which the API knows a row, as text: `/users/007` and `/users/abc` find nothing. */
export const rowNumber = () => z.string().regex(/^[1-9][0-9]{0,17}$/)

/** Some clients send `[]` for an empty object, and objects where an array is meant. */
export const looseArray = <Item extends z.ZodType>(of: Item) =>
  z.preprocess(
    (given) => (typeof given === 'object' && given !== null && !Array.isArray(given) ? Object.values(given) : given),
    z.array(of),
  )

/** The same for an object whose fields are known. */
export const looseObject = <Shape extends z.ZodRawShape>(shape: Shape) => {
  const object = z.object(shape)
  return z.preprocess((given: z.input<typeof object>) => asObject(given), object)
}

const asObject = (given: unknown) => (Array.isArray(given) && given.length === 0 ? {} : given)

export const looseRecord = <Value extends z.ZodType>(of: Value) => z.preprocess(asObject, z.record(z.string(), of))
