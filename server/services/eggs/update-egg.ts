import { eq } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { only } from '#server/database/rows'
import { eggs, type EggRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'
import type { UpdateEggBody } from '#shared/contracts/application/eggs'
import { checkParents } from '#server/services/eggs/check-parents'
import { numberOf } from '#server/services/eggs/create-egg'
import { changeProperties, eggChanges, type Change } from '#server/services/eggs/difference'
import { definitionOf, valuesOf } from '#server/services/eggs/egg-row'
import { checkDefinition } from '#server/services/eggs/format/check-definition'
import type { EggDefinition } from '#server/services/eggs/format/egg-definition'
import { moveEgg } from '#server/services/eggs/move-egg'
import { lockEgg } from '#server/services/eggs/queries'
import { assertScriptRight } from '#server/services/eggs/script-right'

/** What is left out stays. @throws {AppError} `request.invalid`, `egg.script_forbidden` */
export function updateEgg({
  actor,
  egg,
  asked,
}: {
  actor: Actor
  egg: Pick<EggRow, 'id'>
  asked: UpdateEggBody
}): Promise<EggRow> {
  return useDrizzle().transaction(async (tx) => {
    const current = await lockEgg(tx, egg.id)
    const parents = {
      configFrom: asked.config?.extends === undefined ? current.configFrom : numberOf(asked.config.extends),
      copyScriptFrom: asked.script?.extends === undefined ? current.copyScriptFrom : numberOf(asked.script.extends),
    }
    if (parents.configFrom !== current.configFrom || parents.copyScriptFrom !== current.copyScriptFrom)
      await checkParents(tx, { egg, nestId: current.nestId, ...parents })

    const nestId = asked.nest === undefined ? current.nestId : String(asked.nest)
    if (nestId !== current.nestId) await moveEgg(tx, current, { nestId, ...parents })

    const before = definitionOf(current, [], { parent: null, scriptSource: null })
    const after = changed(before, asked)
    // An older egg may break a rule of today elsewhere: only what is touched is asked about.
    const broken = new Set(checkDefinition(before, null).map(({ field, rule }) => `${field} ${rule}`))
    const fields = checkDefinition(after, null).filter(({ field, rule }) => !broken.has(`${field} ${rule}`))
    if (fields.length > 0) throw new AppError('request.invalid', { fields })

    const rest = {
      ...parents,
      icon: asked.icon === undefined ? current.icon : asked.icon,
      forceOutgoingIp: asked.force_outgoing_ip ?? current.forceOutgoingIp,
      isScriptPrivileged: asked.script?.privileged ?? current.isScriptPrivileged,
    }
    const values = { ...valuesOf(after), ...rest }
    assertScriptRight(actor, current, values)
    // What was found at another address is no longer of interest.
    const check = after.updateUrl === before.updateUrl ? {} : { updateAvailable: false, updateCheckedAt: null }

    const row = only(
      await tx
        .update(eggs)
        .set({ ...values, ...check })
        .where(eq(eggs.id, egg.id))
        .returning(),
    )
    const moved = nestId === current.nestId ? [] : [{ field: 'nest', before: current.nestId, after: nestId }]
    const changes = [...moved, ...eggChanges(before, after), ...restChanges(current, rest)]
    if (changes.length > 0) {
      await recordActivity(tx, {
        actor,
        event: 'admin:egg.update',
        target: { type: 'egg', id: row.id },
        properties: { name: row.name, ...changeProperties(changes) },
      })
      await notify(tx, 'administration', { what: 'eggs' })
    }
    return row
  })
}

type Rest = Pick<EggRow, 'configFrom' | 'copyScriptFrom' | 'icon' | 'forceOutgoingIp' | 'isScriptPrivileged'>

const REST_FIELDS = {
  configFrom: 'config.extends',
  copyScriptFrom: 'script.extends',
  icon: 'icon',
  forceOutgoingIp: 'force_outgoing_ip',
  isScriptPrivileged: 'script.privileged',
} as const

const restChanges = (before: Rest, after: Rest): Change[] =>
  (Object.keys(REST_FIELDS) as (keyof Rest)[]).flatMap((name) =>
    before[name] === after[name]
      ? []
      : [{ field: REST_FIELDS[name], before: textOf(before[name]), after: textOf(after[name]) }],
  )

const textOf = (value: string | boolean | null) => (value === null ? null : String(value))

/** The command stands twice, as itself and as the first of the named ones: whichever is said counts for both. */
function changed(before: EggDefinition, asked: UpdateEggBody): EggDefinition {
  const named = asked.startup_commands === undefined ? before.startupCommands : asked.startup_commands
  const commands = named && named.length > 0 ? named : null
  const startup =
    asked.startup ?? (asked.startup_commands === undefined ? before.startup : (commands?.[0]?.[1] ?? before.startup))
  const { config = {}, script = {} } = asked
  return {
    ...before,
    name: asked.name ?? before.name,
    author: asked.author ?? before.author,
    description: asked.description === undefined ? before.description : asked.description,
    tags: asked.tags ?? before.tags,
    features: asked.features === undefined ? before.features : asked.features,
    fileDenylist: asked.file_denylist === undefined ? before.fileDenylist : asked.file_denylist,
    updateUrl: asked.update_url === undefined ? before.updateUrl : asked.update_url,
    dockerImages: asked.docker_images ?? before.dockerImages,
    startup,
    startupCommands: commands && [[commands[0]?.[0] ?? 'Default', startup], ...commands.slice(1)],
    config: {
      files: config.files === undefined ? before.config.files : config.files,
      startup: config.startup === undefined ? before.config.startup : config.startup,
      logs: config.logs === undefined ? before.config.logs : config.logs,
      stop: config.stop === undefined ? before.config.stop : config.stop,
    },
    script: {
      install: script.install === undefined ? before.script.install : script.install,
      container: script.container === undefined ? before.script.container : script.container,
      entry: script.entry === undefined ? before.script.entry : script.entry,
    },
  }
}
