import { z } from 'zod'
import { item } from './envelope'

export const DATABASE_NAME_MAX = 48

/** What speaks behind a host: MySQL and MariaDB are spoken to alike. */
export const DATABASE_ENGINES = ['mysql', 'postgresql'] as const
export type DatabaseEngine = (typeof DATABASE_ENGINES)[number]

/** As most that a host keeps of where an account may come from. */
export const REMOTE_MAX = 60

export const databasePassword = item('database_password', z.object({ password: z.string() }))

/** Letters of any alphabet, digits, `-` and `_`. Hosts take only those of the basic plane in a name. */
export const databaseName = ({ min }: { min: number }) =>
  z
    .string()
    .min(min)
    .max(DATABASE_NAME_MAX)
    .refine((name) => /^[\p{L}\p{M}\p{N}_-]+$/u.test(name) && !/[\u{10000}-\u{10FFFF}]/u.test(name), {
      error: 'The database may only contain letters, numbers, dashes and underscores.',
      params: { rule: 'alpha_dash' },
    })
