import { eq } from 'drizzle-orm'
import { z } from 'zod'
import type { Executor } from '#server/database/client'
import { subuserPermissions } from '#server/database/json'
import { serverSubusers, type ServerRow, type WingsNodeRow } from '#server/database/schema'
import { listAdministrators } from '#server/services/users/list-administrators'
import { kindOf } from '#shared/notifications'
import type { AdminResource } from '#shared/permissions'
import type { Notice } from './notice'
import { notifyPeople, type Recipient } from './notify-people'

/** Tells whoever has to do with a server: its owner, and whom it is shared with as far as they want to hear of it. */
export async function notifyOfServer(
  tx: Executor,
  server: Pick<ServerRow, 'id' | 'name' | 'identifier' | 'ownerId'>,
  notice: Omit<Notice, 'server'>,
): Promise<void> {
  const { permission } = kindOf(notice.kind)
  const shared = await tx
    .select({ userId: serverSubusers.userId, permissions: serverSubusers.permissions })
    .from(serverSubusers)
    .where(eq(serverSubusers.serverId, server.id))
  const holders = shared.filter(
    ({ permissions }) => !permission || z.safeDecode(subuserPermissions, permissions).data?.includes(permission),
  )
  const recipients: Recipient[] = [
    { userId: server.ownerId, isTold: true },
    ...holders.map(({ userId }) => ({ userId, isTold: false })),
  ]
  await notifyPeople(tx, recipients, { ...notice, server })
}

/** Tells the administrators whose matter it is, or those of `among` whose it still is. */
export async function notifyAdministrators(
  tx: Executor,
  concern: { resource: AdminResource; node?: Pick<WingsNodeRow, 'id' | 'name'>; among?: readonly string[] },
  notice: Omit<Notice, 'node'>,
): Promise<void> {
  const all = await listAdministrators(tx, concern)
  const recipients = all
    .filter((userId) => concern.among?.includes(userId) ?? true)
    .map((userId) => ({ userId, isTold: true }))
  await notifyPeople(tx, recipients, { ...notice, node: concern.node })
}
