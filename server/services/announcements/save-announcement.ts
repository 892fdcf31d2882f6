import { eq } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { now } from '#server/database/columns'
import { useDrizzle, type Executor } from '#server/database/client'
import { only } from '#server/database/rows'
import { announcementDismissals, announcements, wingsNodes, type AnnouncementRow } from '#server/database/schema'
import { refusedField } from '#server/errors'
import { notify } from '#server/events/notify'
import { reachesNode } from '#server/policies/administration-policy'
import { recordActivity } from '#server/services/activity/record-activity'
import type { CreateAnnouncementBody, UpdateAnnouncementBody } from '#shared/contracts/application/announcements'
import { getAnnouncement, type AnnouncementView } from './queries'

type Columns = Pick<
  AnnouncementRow,
  'title' | 'body' | 'link' | 'level' | 'audience' | 'nodeId' | 'isDismissible' | 'startsAt' | 'endsAt'
>

/** @throws {AppError} `request.invalid` */
export async function createAnnouncement({
  actor,
  asked,
}: {
  actor: Person
  asked: CreateAnnouncementBody
}): Promise<AnnouncementView> {
  const columns = columnsOf(asked, undefined)
  refuseOdd(columns)
  return useDrizzle().transaction(async (tx) => {
    await refuseNode(tx, actor, columns.nodeId)
    const { id } = only(
      await tx
        .insert(announcements)
        .values({ ...columns, createdBy: actor.userId })
        .returning(),
    )
    await recordActivity(tx, {
      actor,
      event: 'admin:announcement.create',
      target: { type: 'announcement', id },
      properties: { after: columns },
    })
    await tellEverybody(tx)
    return getAnnouncement(actor, id, tx)
  })
}

/**
 * What is left out stays. One that says something else is shown again to whoever had put it away.
 *
 * @throws {AppError} `resource.not_found`, `request.invalid`
 */
export async function updateAnnouncement({
  actor,
  id,
  asked,
}: {
  actor: Person
  id: string
  asked: UpdateAnnouncementBody
}): Promise<AnnouncementView> {
  return useDrizzle().transaction(async (tx) => {
    await tx.select().from(announcements).where(eq(announcements.id, id)).for('update')
    const { announcement } = await getAnnouncement(actor, id, tx)
    const before = columnsOf({}, announcement)
    const columns = columnsOf(asked, announcement)
    refuseOdd(columns)
    if (columns.nodeId !== before.nodeId) await refuseNode(tx, actor, columns.nodeId)

    await tx.update(announcements).set(columns).where(eq(announcements.id, id))
    if (columns.title !== before.title || columns.body !== before.body)
      await tx.delete(announcementDismissals).where(eq(announcementDismissals.announcementId, id))
    await recordActivity(tx, {
      actor,
      event: 'admin:announcement.update',
      target: { type: 'announcement', id },
      properties: { before, after: columns },
    })
    await tellEverybody(tx)
    return getAnnouncement(actor, id, tx)
  })
}

/** @throws {AppError} `resource.not_found` */
export async function deleteAnnouncement({ actor, id }: { actor: Person; id: string }): Promise<void> {
  await useDrizzle().transaction(async (tx) => {
    const { announcement } = await getAnnouncement(actor, id, tx)
    await tx.delete(announcements).where(eq(announcements.id, id))
    await recordActivity(tx, {
      actor,
      event: 'admin:announcement.delete',
      target: { type: 'announcement', id },
      properties: { before: columnsOf({}, announcement) },
    })
    await tellEverybody(tx)
  })
}

function columnsOf(asked: UpdateAnnouncementBody, before: AnnouncementRow | undefined): Columns {
  const kept = <Value>(given: Value | undefined, stored: Value): Value => (given === undefined ? stored : given)
  const audience = kept(asked.audience, before?.audience ?? 'everyone')
  const nodeId = asked.node === undefined ? (before?.nodeId ?? null) : asked.node === null ? null : String(asked.node)
  return {
    title: kept(asked.title, before?.title ?? ''),
    body: kept(asked.body, before?.body ?? null) ?? null,
    link: kept(asked.link, before?.link ?? null) ?? null,
    level: kept(asked.level, before?.level ?? 'info'),
    audience,
    nodeId: audience === 'node' ? nodeId : null,
    isDismissible: kept(asked.is_dismissible, before?.isDismissible ?? true),
    startsAt: asked.starts_at ?? before?.startsAt ?? now(),
    endsAt: kept(asked.ends_at, before?.endsAt ?? null) ?? null,
  }
}

function refuseOdd({ audience, nodeId, startsAt, endsAt }: Columns): void {
  if (audience === 'node' && nodeId === null) throw refusedField('node', 'required', 'The node field is required.')
  if (endsAt !== null && Date.parse(endsAt) <= Date.parse(startsAt))
    throw refusedField('ends_at', 'after', 'The end must come after the start.')
}

/** One beyond his roles does not exist for him. */
async function refuseNode(tx: Executor, actor: Person, nodeId: string | null): Promise<void> {
  if (nodeId === null) return
  const exists = (await tx.$count(wingsNodes, eq(wingsNodes.id, nodeId))) > 0
  if (!exists || !reachesNode(actor, nodeId)) throw refusedField('node', 'exists', 'The selected node is invalid.')
}

/** Open pages ask again what concerns them. */
async function tellEverybody(tx: Executor): Promise<void> {
  await notify(tx, 'announcements', {})
  await notify(tx, 'administration', { what: 'announcements' })
}
