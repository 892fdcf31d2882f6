import { randomUUID } from 'node:crypto'
import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { only } from '#server/database/rows'
import { eggs, eggVariables, type EggRow } from '#server/database/schema'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'
import { lockEgg, variablesOf } from '#server/services/eggs/queries'
import { assertScriptRight, NO_SCRIPT } from '#server/services/eggs/script-right'

interface CopyEgg {
  actor: Actor
  egg: Pick<EggRow, 'id'>
  name: string
}

/**
 * The same egg once more, in the same nest, to be changed. It follows no author: a newer version of the first would undo
 * what it was made for.
 *
 * @throws {AppError} `egg.script_forbidden`
 */
export function copyEgg({ actor, egg, name }: CopyEgg): Promise<EggRow> {
  return useDrizzle().transaction(async (tx) => {
    const { id: _id, createdAt: _created, updatedAt: _updated, ...current } = await lockEgg(tx, egg.id)
    assertScriptRight(actor, NO_SCRIPT, current)
    const variables = await variablesOf(egg.id, tx)

    const row = only(
      await tx
        .insert(eggs)
        .values({
          ...current,
          uuid: randomUUID(),
          name,
          updateUrl: null,
          updateHash: null,
          updateAvailable: false,
          updateCheckedAt: null,
        })
        .returning(),
    )
    if (variables.length > 0) {
      await tx.insert(eggVariables).values(
        variables.map(({ id: _, createdAt: _made, updatedAt: _changed, ...variable }) => ({
          ...variable,
          eggId: row.id,
        })),
      )
    }
    await recordActivity(tx, {
      actor,
      event: 'admin:egg.create',
      target: { type: 'egg', id: row.id },
      subjects: [{ type: 'egg', id: egg.id }],
      properties: { name, copy_of: current.name },
    })
    await notify(tx, 'administration', { what: 'eggs' })
    return row
  })
}
