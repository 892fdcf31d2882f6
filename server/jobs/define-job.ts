import type { z } from 'zod'

/** Work that happens later, in some process, at least once: it must be safe to run twice. */
export interface Job<Data extends z.ZodType = z.ZodType> {
  /** `domain.verb-noun`; also the name of its queue. */
  name: string
  /** Ids, never secrets: a job lies in clear in the database. */
  data: Data
  /** How often it is tried again, each time after a longer while. Of one that waits for a node nothing is given up. */
  retries: number | 'until_told'
  /** How late it may be found when it is due: only what is due at once is announced. Seconds; 30 unless said otherwise. */
  foundWithin?: number
  run: (data: z.output<Data>) => Promise<void>
}

export function defineJob<Data extends z.ZodType>(job: Job<Data>): Job<Data> {
  return job
}
