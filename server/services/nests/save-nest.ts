import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle, type Executor } from '#server/database/client'
import { only } from '#server/database/rows'
import { nests, type NestRow } from '#server/database/schema'
import { notify } from '#server/events/notify'
import { changeOf } from '#server/services/activity/change-of'
import { recordActivity } from '#server/services/activity/record-activity'
import { getSettings } from '#server/services/settings/current-settings'
import type { CreateNestBody, UpdateNestBody } from '#shared/contracts/application/nests'

/** Who stands as author of what is made in this panel: its own address, as exports ask for an e-mail address. */
export async function ownAuthor(): Promise<string> {
  const { mail, panel } = await getSettings()
  if (mail.fromAddress) return mail.fromAddress
  return `eggs@${URL.canParse(panel.address) ? new URL(panel.address).hostname : 'localhost'}`
}

export async function createNest({ actor, asked }: { actor: Actor; asked: CreateNestBody }): Promise<NestRow> {
  const author = await ownAuthor()
  return useDrizzle().transaction((tx) => insertNest(tx, { actor, author, asked }))
}

/** Joins the caller's transaction: an import may bring a nest of its own. */
export async function insertNest(
  tx: Executor,
  { actor, author, asked }: { actor: Actor; author: string; asked: CreateNestBody },
): Promise<NestRow> {
  const row = only(
    await tx
      .insert(nests)
      .values({ uuid: randomUUID(), author, name: asked.name, description: asked.description ?? null })
      .returning(),
  )
  await recordActivity(tx, {
    actor,
    event: 'admin:nest.create',
    target: { type: 'nest', id: row.id },
    properties: { name: row.name },
  })
  await notify(tx, 'administration', { what: 'nests' })
  return row
}

/** What is left out stays. */
export function updateNest({
  actor,
  nest,
  asked,
}: {
  actor: Actor
  nest: NestRow
  asked: UpdateNestBody
}): Promise<NestRow> {
  return useDrizzle().transaction(async (tx) => {
    const next = {
      name: asked.name ?? nest.name,
      description: asked.description === undefined ? nest.description : asked.description,
    }
    const row = only(await tx.update(nests).set(next).where(eq(nests.id, nest.id)).returning())
    const properties = { name: row.name, ...changeOf(nest, row, ['name', 'description']) }
    await recordActivity(tx, { actor, event: 'admin:nest.update', target: { type: 'nest', id: row.id }, properties })
    await notify(tx, 'administration', { what: 'nests' })
    return row
  })
}
