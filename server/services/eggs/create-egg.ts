import { randomUUID } from 'node:crypto'
import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { only } from '#server/database/rows'
import { eggs, type EggRow, type NestRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'
import { ownAuthor } from '#server/services/nests/save-nest'
import type { CreateEggBody } from '#shared/contracts/application/eggs'
import { checkParents } from '#server/services/eggs/check-parents'
import { valuesOf } from '#server/services/eggs/egg-row'
import { checkDefinition } from '#server/services/eggs/format/check-definition'
import type { EggDefinition } from '#server/services/eggs/format/egg-definition'
import { assertScriptRight, NO_SCRIPT } from '#server/services/eggs/script-right'

/**
 * An egg without variables. What it takes from no parent and is not told has a usual value.
 *
 * @throws {AppError} `request.invalid`, `egg.script_forbidden`
 */
export async function createEgg({
  actor,
  nest,
  asked,
}: {
  actor: Actor
  nest: NestRow
  asked: CreateEggBody
}): Promise<EggRow> {
  const author = asked.author ?? (await ownAuthor())
  const parents = { configFrom: numberOf(asked.config?.extends), copyScriptFrom: numberOf(asked.script?.extends) }
  const definition = definitionOfBody(asked, author, parents.configFrom !== null)
  const fields = checkDefinition(definition, null)
  if (fields.length > 0) throw new AppError('request.invalid', { fields })

  const values = {
    ...valuesOf(definition),
    ...parents,
    icon: asked.icon ?? null,
    forceOutgoingIp: asked.force_outgoing_ip ?? false,
    isScriptPrivileged: asked.script?.privileged ?? true,
  }
  assertScriptRight(actor, NO_SCRIPT, values)

  return useDrizzle().transaction(async (tx) => {
    await checkParents(tx, { egg: null, nestId: nest.id, ...parents })
    const row = only(
      await tx
        .insert(eggs)
        .values({ uuid: randomUUID(), nestId: nest.id, ...values })
        .returning(),
    )
    await recordActivity(tx, {
      actor,
      event: 'admin:egg.create',
      target: { type: 'egg', id: row.id },
      properties: { name: row.name, nest: nest.name },
    })
    await notify(tx, 'administration', { what: 'eggs' })
    return row
  })
}

export const numberOf = (id: number | null | undefined): string | null => (id ? String(id) : null)

function definitionOfBody(asked: CreateEggBody, author: string, inherits: boolean): EggDefinition {
  const usual = inherits ? null : '{}'
  const commands = asked.startup_commands ?? null
  return {
    uuid: null,
    name: asked.name,
    author,
    description: asked.description ?? null,
    tags: asked.tags ?? [],
    features: asked.features ?? (inherits ? null : []),
    fileDenylist: asked.file_denylist ?? [],
    updateUrl: asked.update_url ?? null,
    dockerImages: asked.docker_images,
    startup: commands?.[0]?.[1] ?? asked.startup,
    startupCommands: commands && commands.length > 0 ? commands : null,
    config: {
      files: asked.config?.files ?? usual,
      startup: asked.config?.startup ?? usual,
      logs: asked.config?.logs ?? usual,
      stop: asked.config?.stop ?? (inherits ? null : '^C'),
    },
    script: {
      install: asked.script?.install ?? null,
      container: asked.script?.container ?? null,
      entry: asked.script?.entry ?? null,
    },
    variables: [],
  }
}
