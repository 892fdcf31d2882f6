import { eq } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { only } from '#server/database/rows'
import { users } from '#server/database/schema'
import { AppError } from '#server/errors'
import { limitUse } from '#server/services/throttles/limit-use'
import { sendTestMail } from './send-test-mail'

interface MailTest {
  ok: boolean
  to: string
  /** Milliseconds. */
  ms: number
  /** In the mail server's own words. */
  error: string | null
}

/**
 * Sends one mail with what is stored, by default to who asks for it, and says what the mail server said.
 *
 * @throws {AppError} `mail.not_set_up`, `request.too_many`
 */
export async function tryMailServer({ actor, to }: { actor: Person; to?: string | null }): Promise<MailTest> {
  await limitUse({ bucket: 'mail-test', name: actor.userId })
  const db = useDrizzle()
  const recipient = to ?? only(await db.select().from(users).where(eq(users.id, actor.userId))).email
  const begunAt = Date.now()
  const told = { to: recipient, ms: 0 }
  try {
    await sendTestMail({ to: recipient })
    return { ok: true, ...told, ms: Date.now() - begunAt, error: null }
  } catch (error) {
    if (error instanceof AppError) throw error
    return {
      ok: false,
      ...told,
      ms: Date.now() - begunAt,
      error: error instanceof Error ? error.message : String(error),
    }
  }
}
