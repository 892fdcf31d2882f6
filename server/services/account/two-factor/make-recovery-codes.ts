import { randomInt } from 'node:crypto'
import { eq } from 'drizzle-orm'
import type { Executor } from '#server/database/client'
import { recoveryCodes } from '#server/database/schema'
import { recoveryHashOf } from './spend-recovery-code'

const COUNT = 10
const LENGTH = 10
/** Without what looks like something else on paper: 0 and O, 1 and l and I. */
const CHARACTERS = '23456789abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ'

const makeCode = () => Array.from({ length: LENGTH }, () => CHARACTERS[randomInt(CHARACTERS.length)]).join('')

/** Ten new codes in place of whatever there was. They rest hashed: nobody can show them again. */
export async function makeRecoveryCodes(tx: Executor, userId: string): Promise<string[]> {
  const codes = Array.from({ length: COUNT }, makeCode)
  await tx.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId))
  await tx.insert(recoveryCodes).values(codes.map((code) => ({ userId, codeHash: recoveryHashOf(code) })))
  return codes
}
