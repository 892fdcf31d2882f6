import { isIP } from 'node:net'
import { z } from 'zod'
import { CONCURRENT_UPLOADS_USUAL, PART_SIZE_MAX, PART_SIZE_MIN, PART_SIZE_USUAL } from '../shared/upload-parts.ts'
import { OperatorError } from './env/operator-error.ts'
import { appSecret } from './env/app-secret.ts'
import { mailUrl } from './env/mail-url.ts'

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

const count = (from: number, to: number) =>
  z
    .string()
    .refine((text) => /^\d+$/.test(text) && Number(text) >= from && Number(text) <= to, {
      error: `is not a whole number from ${from} to ${to}`,
    })
    .transform(Number)

const databaseUrl = z.string().refine((text) => /^postgres(ql)?:\/\//.test(text) && URL.canParse(text), {
  error: 'is not the address of a PostgreSQL database, such as postgres://name:password@127.0.0.1:5432/xyrapanel',
})

const origin = z
  .string()
  .refine((text) => /^https?:\/\//.test(text) && URL.canParse(text), {
    error: 'is not a web address, such as https://panel.example.com',
  })
  .transform((text) => text.replace(/\/+$/, ''))

const SENDER = /^(?:([^<>\r\n]*?)\s*<([^\s<>@]+@[^\s<>@]+)>|([^\s<>@]+@[^\s<>@]+))$/
const sender = z
  .string()
  .refine((text) => SENDER.test(text), { error: 'is no sender, such as Kestrel <panel@example.com>' })
  .transform((text) => {
    const [, name = '', bracketed, bare] = SENDER.exec(text) ?? []
    return { name, address: bracketed ?? bare ?? '' }
  })

const network = z.string().refine(isNetwork, {
  error: 'names something that is neither an IP address nor a network such as 10.0.0.0/8',
})

const yes = z
  .enum(['true', '1', 'false', '0'], { error: 'is neither true nor false' })
  .transform((text) => ['true', '1'].includes(text))

/** Everything that the environment can say. `.env.example` has exactly these keys, which a test holds. */
export const environment = z.object({
  DATABASE_URL: databaseUrl,
  APP_SECRET: appSecret,
  /** Overrides the address that was given in the set-up. Without a slash at its end. */
  APP_URL: origin.optional(),
  PORT: count(0, 65_535).default(3000),
  /** Left out: every address of the machine. */
  HOST: z.string().optional(),
  XYRA_DATA_DIR: z.string().default('.data'),
  WEB_WORKERS: count(1, 64).default(1),
  /** Connections to the database that one process may hold for its work; short reads, jobs and listening take five more. */
  DB_POOL_MAX: count(1, 1000).default(10),
  WINGS_TIMEOUT_MS: count(100, 600_000).default(15_000),
  /** Counts before the mail server of the settings. */
  SMTP_URL: mailUrl.optional(),
  /** `Kestrel <panel@example.com>`, or the address alone. */
  MAIL_FROM: sender.optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, { error: `is none of ${LOG_LEVELS.join(', ')}` }).default('info'),
  /** Addresses and networks whose X-Forwarded-For is believed. */
  TRUSTED_PROXIES: z
    .string()
    .default('127.0.0.1,::1')
    .transform((text) => text.split(/[\s,]+/).filter(Boolean))
    .pipe(z.array(network)),

  /** Where backups go that no backup host of the panel takes. Named as in the panels that are imported from. */
  APP_BACKUP_DRIVER: z.enum(['wings', 's3'], { error: 'is neither wings nor s3' }).default('wings'),
  AWS_ENDPOINT: origin.optional(),
  AWS_DEFAULT_REGION: z.string().default('us-east-1'),
  AWS_BACKUPS_BUCKET: z
    .string()
    .regex(/^[a-z0-9][\w.-]{1,61}[a-z0-9]$/i, { error: 'is not the name of a bucket' })
    .optional(),
  AWS_ACCESS_KEY_ID: z.string().optional(),
  AWS_SECRET_ACCESS_KEY: z.string().optional(),
  AWS_USE_PATH_STYLE_ENDPOINT: yes.default(false),
  AWS_BACKUPS_USE_ACCELERATE: yes.default(false),
  AWS_BACKUPS_STORAGE_CLASS: z.string().optional(),
  /** Bytes. */
  BACKUP_MAX_PART_SIZE: count(PART_SIZE_MIN, PART_SIZE_MAX).default(PART_SIZE_USUAL),
  BACKUP_MAX_CONCURRENT_UPLOADS: count(1, 100).default(CONCURRENT_UPLOADS_USUAL),
})

export type Environment = z.output<typeof environment>

/** What is known before the database runs: its address and the secret may still be missing. */
export const launchEnvironment = environment.partial({ DATABASE_URL: true, APP_SECRET: true })

export type LaunchEnvironment = z.output<typeof launchEnvironment>

let known: Environment | undefined

/** The environment of this process, read at the first call. Throws an `OperatorError` that says all that is wrong with it. */
export function useEnv(): Environment {
  known ??= readEnvironment(environment, process.env)
  return known
}

/** An empty value, as `KEY=` in a file leaves it, counts as none. */
export function readEnvironment<Shape extends typeof environment | typeof launchEnvironment>(
  shape: Shape,
  given: NodeJS.ProcessEnv,
): z.output<Shape> {
  const parsed = shape.safeParse(Object.fromEntries(Object.entries(given).filter(([, value]) => value)))

  if (!parsed.success) {
    throw new OperatorError(parsed.error.issues.map(sentenceOf).join('\n'))
  }

  return parsed.data as z.output<Shape>
}

/** For the logger alone, which has to speak before the rest is known to be right. */
export function readLogLevel(): Environment['LOG_LEVEL'] {
  return environment.shape.LOG_LEVEL.safeParse(process.env.LOG_LEVEL || undefined).data ?? 'info'
}

function sentenceOf(issue: z.core.$ZodIssue): string {
  const key = String(issue.path[0])
  if (issue.code !== 'invalid_type') {
    return `${key} ${issue.message}.`
  }

  return key === 'APP_SECRET'
    ? 'APP_SECRET is not set. Set it to at least 32 random characters (openssl rand -hex 32 prints some) and keep it: what the database holds sealed opens with it alone.'
    : `${key} is not set. Set it in the environment or in the file .env.`
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/')
  const family = isIP(address)
  if (!family || rest.length > 0) {
    return false
  }

  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
}
