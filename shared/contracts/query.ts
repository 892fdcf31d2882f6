import { z } from 'zod'

export interface PageQuery {
  page: number
  per_page: number
}

const positive = (given: unknown, usual: number) => {
  const number = Number(Array.isArray(given) ? given[0] : given)
  return Number.isInteger(number) && number >= 1 ? number : usual
}

/** A page far beyond any list: the offset must stay a number that PostgreSQL takes. */
const LAST_PAGE = 1_000_000

export const pageShape = ({ usual, most }: { usual: number; most?: number }) => ({
  page: z
    .unknown()
    .transform((given) => Math.min(positive(given, 1), LAST_PAGE))
    .default(1)
    .meta({ type: 'integer', minimum: 1 }),
  per_page: z
    .unknown()
    .transform((given) => Math.min(positive(given, usual), most ?? 100_000))
    .default(usual)
    .meta({ type: 'integer', minimum: 1, ...(most && { maximum: most }) }),
})

/** `page` and `per_page`, never refused: nonsense becomes the usual, too much becomes the most. */
export const pageQuery = (sizes: { usual: number; most?: number }) => z.object(pageShape(sizes))

/** `?include=a,b`, `?include[]=a&include[0]=b`. Unknown names are ignored by whoever reads it. */
export const includeShape = () =>
  z
    .unknown()
    .transform((given) => {
      const parts = Array.isArray(given)
        ? given
        : typeof given === 'object' && given !== null
          ? Object.values(given)
          : [given]
      return parts
        .flatMap((part) => (typeof part === 'string' ? part.split(',') : []))
        .map((name) => name.trim())
        .filter(Boolean)
    })
    .default([])

export type Filters<Name extends string> = Partial<Record<Name | '*', string>>

/**
 * `filter[name]=value`. A filter that the list does not know is refused by `readFilters` of the server with
 * `InvalidFilterQuery`, which names the allowed ones. `filter=value` names none.
 */
export const filterShape = () =>
  z
    .unknown()
    .transform((given): Record<string, unknown> | undefined =>
      typeof given === 'object' && given !== null ? { ...given } : undefined,
    )
    .optional()

/** `sort=id`, `sort=-id,name`, `sort[]=id`. */
export const sortShape = () =>
  z
    .unknown()
    .transform((given) =>
      [given]
        .flat()
        .flatMap((part) => (typeof part === 'string' ? part.split(',') : []))
        .map((name) => name.trim())
        .filter(Boolean),
    )
    .default([])
