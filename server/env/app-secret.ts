import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { OperatorError } from './operator-error.ts'

const SECRET_MIN = 32
const DISTINCT_MIN = 8

/** Pieces of secrets that stand in guides, examples and libraries. */
const KNOWN =
  /change.?me|change.?this|your.?secret|secret.?key|super.?secret|my.?secret|example|placeholder|better-auth-secret|password|default/i

export const appSecret = z
  .string()
  .refine((secret) => secret.length >= SECRET_MIN, {
    error: `is shorter than ${SECRET_MIN} characters; openssl rand -hex 32 prints a good one`,
    abort: true,
  })
  .refine((secret) => new Set(secret).size >= DISTINCT_MIN && !KNOWN.test(secret), {
    error: 'is one that others know or can guess; openssl rand -hex 32 prints a good one',
  })

/** Where the panel keeps the secret that it made for itself. */
export const ownSecretFile = (dataFolder: string) => join(dataFolder, 'app.secret')

export function findOwnSecret(dataFolder: string): string | undefined {
  const file = ownSecretFile(dataFolder)
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined
}

/**
 * The secret of a panel that runs on its own database and was given none: made once, readable by its owner alone.
 * With a database of somebody else's the secret must be given, or a lost folder would silently become a lost secret.
 */
export function provideOwnSecret(dataFolder: string): string {
  const found = findOwnSecret(dataFolder)
  if (found !== undefined) {
    return checked(found, dataFolder)
  }

  mkdirSync(dataFolder, { recursive: true })
  try {
    writeFileSync(ownSecretFile(dataFolder), `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    // Another process made it in the same moment: both go on with that one.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw error
    }
  }

  return checked(findOwnSecret(dataFolder) ?? '', dataFolder)
}

function checked(secret: string, dataFolder: string): string {
  if (!appSecret.safeParse(secret).success) {
    throw new OperatorError(
      `${ownSecretFile(dataFolder)} does not hold a usable secret. Put the file back from a backup: what the database holds sealed opens with it alone.`,
    )
  }

  return secret
}
