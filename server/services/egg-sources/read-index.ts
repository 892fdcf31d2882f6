import { z } from 'zod'

/** An egg that an index names. */
export interface IndexEntry {
  nest: string
  name: string
  url: string
}

const ENTRIES_MAX = 5000
const NAME_MAX = 191

const name = z
  .string()
  .trim()
  .min(1)
  .transform((text) => text.slice(0, NAME_MAX))
const url = z
  .string()
  .max(2000)
  .regex(/^https?:\/\/\S+$/i)

/** Groups of addresses: `{ "Minecraft": { "https://…/paper.yaml": "Paper" } }`. */
const byNest = z
  .record(z.string(), z.record(url, name))
  .transform((nests) =>
    Object.entries(nests).flatMap(([nest, eggs]) => Object.entries(eggs).map(([url, name]) => ({ nest, name, url }))),
  )

/** As Pelican's index is published. */
const published = z
  .object({
    nests: z.array(
      z.object({
        nest_name: z.string(),
        Eggs: z.array(z.object({ egg: z.object({ name }), download_url: url })),
      }),
    ),
  })
  .transform(({ nests }) =>
    nests.flatMap(({ nest_name: nest, Eggs: eggs }) =>
      eggs.map(({ egg, download_url: url }) => ({ nest, name: egg.name, url })),
    ),
  )

/** The plainest form. */
const flat = z.array(z.object({ name, url, nest: z.string().default('') }))

const index = z.union([flat, published, byNest])

/** The eggs of an index, in the order in which it names them; undefined: it is none. */
export function readIndex(document: unknown): IndexEntry[] | undefined {
  return index.safeParse(document).data?.slice(0, ENTRIES_MAX)
}
