import { and, eq, inArray, isNull } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { z } from 'zod'
import { now } from '#server/database/columns'
import type { Executor } from '#server/database/client'
import { notificationData } from '#server/database/json'
import { notificationPreferences, notifications, users, type UserRow } from '#server/database/schema'
import { notify } from '#server/events/notify'
import { kindOf } from '#shared/notifications'
import { mailNotice } from './mail-notice'
import type { Notice } from './notice'

/** Somebody who may be told, and whether he is where he has chosen nothing. */
export interface Recipient {
  userId: string
  /** Told of what is told by default; otherwise only of what he chose for this very server. */
  isTold: boolean
}

const everywhere = alias(notificationPreferences, 'everywhere')
const here = alias(notificationPreferences, 'here')

/**
 * Tells people by bell and by mail, each as he has chosen, in the caller's transaction. Who is suspended is told nothing.
 * What only a mail tells stands in the inbox as read.
 */
export async function notifyPeople(tx: Executor, recipients: readonly Recipient[], notice: Notice): Promise<void> {
  const { kind, server, node, dedupeKey } = notice
  const usual = kindOf(kind)
  const told = await choicesOf(tx, recipients, notice)
  const slots = {
    ...(server && { server: server.name }),
    ...(node && { node: node.name }),
    ...notice.slots,
  }

  for (const { user, bell, mail } of told) {
    if (!bell && !mail) continue
    const [written] = await tx
      .insert(notifications)
      .values({
        userId: user.id,
        kind,
        serverId: server?.id,
        nodeId: node?.id,
        data: z.encode(notificationData, slots),
        dedupeKey,
        readAt: bell ? null : now(),
      })
      .onConflictDoNothing()
      .returning({ id: notifications.id })
    if (!written) continue
    await notify(tx, 'account', { userId: user.id, what: 'notifications' })
    if (mail && !usual.hasOwnMail) await mailNotice(tx, user, notice)
  }
}

interface Choice {
  user: UserRow
  bell: boolean
  mail: boolean
}

async function choicesOf(tx: Executor, recipients: readonly Recipient[], notice: Notice): Promise<Choice[]> {
  const { kind, server } = notice
  const usual = kindOf(kind)
  if (recipients.length === 0) return []
  const byUser = new Map(recipients.map(({ userId, isTold }) => [userId, isTold]))
  const rows = await tx
    .select({ user: users, everywhere, here })
    .from(users)
    .leftJoin(everywhere, and(eq(everywhere.userId, users.id), eq(everywhere.kind, kind), isNull(everywhere.serverId)))
    .leftJoin(here, and(eq(here.userId, users.id), eq(here.kind, kind), eq(here.serverId, server?.id ?? '')))
    .where(and(inArray(users.id, [...byUser.keys()]), eq(users.suspended, false)))
    .orderBy(users.id)

  return rows.map(({ user, ...chosen }) => {
    if (usual.isFixed) return { user, bell: true, mail: true }
    const general = byUser.get(user.id) === true ? (chosen.everywhere ?? usual) : { bell: false, mail: false }
    const { bell, mail } = chosen.here ?? general
    return { user, bell, mail }
  })
}
