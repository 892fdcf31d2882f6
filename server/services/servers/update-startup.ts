import { eq } from 'drizzle-orm'
import { z } from 'zod'
import type { Actor } from '#server/auth/actor'
import { now } from '#server/database/columns'
import { useDrizzle, type Executor } from '#server/database/client'
import { serverDockerLabels } from '#server/database/json'
import {
  eggs,
  eggVariables,
  servers,
  serverVariables,
  type ServerRow,
  type WingsNodeRow,
} from '#server/database/schema'
import { refusedField } from '#server/errors'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'
import type { StartupBody } from '#shared/contracts/application/servers'
import { checkEnvironment } from './check-environment'
import { lockServer } from './lock-server'
import { markForSync, tellNode } from './sync-server'

interface UpdateStartup {
  actor: Actor
  server: ServerRow
  node: WingsNodeRow
  asked: StartupBody
}

/**
 * Changes command, image, egg and variables. Another egg reinstalls nothing, and values of the former one stay without
 * effect. An empty environment leaves the values alone.
 *
 * @throws {AppError} `request.invalid`
 */
export async function updateStartup({ actor, server, node, asked }: UpdateStartup): Promise<void> {
  await useDrizzle().transaction(async (tx) => {
    const current = await lockServer(tx, server.id)
    const [egg] = await tx
      .select()
      .from(eggs)
      .where(eq(eggs.id, String(asked.egg)))
    if (!egg) throw refusedField('egg', 'exists', 'The selected egg is invalid.')

    if (Object.keys(asked.environment).length > 0) {
      const variables = await tx.select().from(eggVariables).where(eq(eggVariables.eggId, egg.id))
      await storeVariables(tx, server.id, checkEnvironment(variables, asked.environment))
    }
    const next = {
      startup: asked.startup,
      image: asked.image,
      dockerImage: asked.image,
      eggId: egg.id,
      nestId: egg.nestId,
      skipScripts: asked.skip_scripts,
      ...(asked.docker_labels && { dockerLabels: z.encode(serverDockerLabels, asked.docker_labels) }),
    }
    await tx
      .update(servers)
      .set({ ...next, configurationChangedAt: now() })
      .where(eq(servers.id, server.id))
    await markForSync(tx, current)

    const before = Object.fromEntries(Object.keys(next).map((key) => [key, current[key as keyof typeof next]]))
    await recordActivity(tx, {
      actor,
      event: 'admin:server.startup',
      target: { type: 'server', id: server.id },
      properties: { before, after: next },
    })
    await notify(tx, 'server', { serverId: server.id, what: 'startup' })
  })
  await tellNode(server, node)
}

export async function storeVariables(
  tx: Executor,
  serverId: string,
  values: readonly { variableId: string; value: string }[],
): Promise<void> {
  for (const { variableId, value } of values) {
    await tx
      .insert(serverVariables)
      .values({ serverId, variableId, value })
      .onConflictDoUpdate({
        target: [serverVariables.serverId, serverVariables.variableId],
        set: { value, updatedAt: now() },
      })
  }
}
