import { z } from 'zod'

/** What a refused request answers, where it is a part of an answer: for one of many. */
export const failures = z.array(
  z.object({ code: z.string(), status: z.string(), detail: z.string(), meta: z.record(z.string(), z.unknown()) }),
)
