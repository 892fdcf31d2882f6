import { eq } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { now } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { eggs, servers, type ServerRow, type WingsNodeRow } from '#server/database/schema'
import { AppError, refusedField } from '#server/errors'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'
import { lockServer } from './lock-server'
import { offeredCommands } from './offered-commands'
import { markForSync, tellNode } from './sync-server'

interface ChooseCommand {
  actor: Person
  server: ServerRow
  node: WingsNodeRow
  command: string
}

/**
 * Another of the egg's commands, from the next start on. One that an administrator wrote by hand stays.
 *
 * @throws {AppError} `server.command_fixed`, `request.invalid`
 */
export async function chooseCommand({ actor, server, node, command }: ChooseCommand): Promise<void> {
  const changed = await useDrizzle().transaction(async (tx) => {
    const current = await lockServer(tx, server.id)
    const [egg] = await tx
      .select({ startup: eggs.startup, startupCommands: eggs.startupCommands })
      .from(eggs)
      .where(eq(eggs.id, current.eggId))
    const offered = egg ? Object.values(offeredCommands(egg)) : []
    if (!offered.includes(command)) throw refusedField('command', 'in', 'The selected command is invalid.')
    if (!offered.includes(current.startup)) throw new AppError('server.command_fixed')
    if (current.startup === command) return false

    await tx.update(servers).set({ startup: command, configurationChangedAt: now() }).where(eq(servers.id, current.id))
    await markForSync(tx, current)
    await recordActivity(tx, {
      actor,
      event: 'server:startup.command',
      target: { type: 'server', id: current.id },
      properties: { old: current.startup, new: command },
    })
    await notify(tx, 'server', { serverId: current.id, what: 'startup' })
    return true
  })
  if (changed) await tellNode(server, node)
}
