import { eq } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { hashPassword } from '#server/auth/passwords'
import { useDrizzle, type Executor } from '#server/database/client'
import { sessionMetadata, sessions, users } from '#server/database/schema'
import { AppError } from '#server/errors'
import { tellNodes } from '#server/services/access/tell-nodes'
import { recordActivity } from '#server/services/activity/record-activity'
import { notifyPeople } from '#server/services/notifications/notify-people'
import { letIn } from '#server/services/account/let-in'
import { setPassword } from '#server/services/account/set-password'

interface ChangePassword {
  /** Has proven the current password. */
  actor: Person
  password: string
  panelAddress: string
}

/**
 * Changes somebody's own password and ends all his sessions; the browser that asked gets a new one, whose cookies are
 * returned. Whoever holds the old cookie, even the current one, is out.
 *
 * @throws {AppError} `account.managed_externally`
 */
export async function changePassword({ actor, password, panelAddress }: ChangePassword): Promise<string[]> {
  const { userId, door, ip, userAgent } = actor
  const hash = await hashPassword(password)

  const { user, firstSeenAt, toTell } = await useDrizzle().transaction(async (tx) => {
    const [found] = await tx.select().from(users).where(eq(users.id, userId)).for('update')
    if (!found) throw new AppError('auth.required')
    if (found.isManagedExternally) throw new AppError('account.managed_externally')

    const begun = door.kind === 'session' ? await beginOf(tx, door.sessionId) : undefined
    const revoked = await setPassword(tx, found, hash)
    await recordActivity(tx, { actor, event: 'user:account.password-changed', target: { type: 'user', id: userId } })
    await notifyPeople(tx, [{ userId, isTold: true }], { kind: 'account.password-changed' })
    return { user: found, firstSeenAt: begun, toTell: revoked }
  })
  await tellNodes(toTell)
  if (door.kind !== 'session') return []

  const entered = await letIn(user, { panelAddress, ip, userAgent })
  if (firstSeenAt) await carryOver(entered.actor.door, firstSeenAt)
  return entered.cookies
}

async function beginOf(tx: Executor, sessionId: string): Promise<string | undefined> {
  const [row] = await tx
    .select({ firstSeenAt: sessionMetadata.firstSeenAt })
    .from(sessionMetadata)
    .innerJoin(sessions, eq(sessions.sessionToken, sessionMetadata.sessionToken))
    .where(eq(sessions.id, sessionId))
  return row?.firstSeenAt ?? undefined
}

/** To the person it is the same browser, signed in since then. */
async function carryOver(door: Person['door'], firstSeenAt: string): Promise<void> {
  if (door.kind !== 'session') return
  const db = useDrizzle()
  const token = db.select({ token: sessions.sessionToken }).from(sessions).where(eq(sessions.id, door.sessionId))
  await db.update(sessionMetadata).set({ firstSeenAt }).where(eq(sessionMetadata.sessionToken, token))
}
