import { z } from 'zod'
import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { hashOf } from '#server/database/hash'
import { apikeyPermissions } from '#server/database/json'
import { apiKeys, type WingsNodeRow } from '#server/database/schema'
import { recordActivity } from '#server/services/activity/record-activity'
import { alphanumeric } from './node-secrets'

const LIVES_MINUTES = 60
const PREFIX = 'papp_'

/**
 * A key that opens the configuration of this node, once, within the hour; it is shown now and never again. In the form
 * that both flavours' `wings configure` take: `papp_` and 43 characters.
 */
export async function createDeployKey({ actor, node, panel }: { actor: Person; node: WingsNodeRow; panel: string }) {
  const key = `${PREFIX}${alphanumeric(43)}`
  const identifier = key.slice(0, 16)
  const expiresAt = new Date(Date.now() + LIVES_MINUTES * 60_000).toISOString()
  await useDrizzle().transaction(async (tx) => {
    await tx.insert(apiKeys).values({
      identifier,
      key: hashOf(key),
      start: key.slice(0, PREFIX.length + 3),
      prefix: PREFIX,
      memo: `wings configure ${node.name}`,
      kind: 'deploy',
      userId: actor.userId,
      nodeId: node.id,
      remaining: 1,
      expiresAt,
      permissions: z.encode(apikeyPermissions, { nodes: 2 }),
    })
    await recordActivity(tx, {
      actor,
      event: 'admin:node.deploy-key',
      target: { type: 'node', id: node.id },
      properties: { identifier },
    })
  })
  const insecure = panel.startsWith('https:') ? '' : ' --allow-insecure'
  const command = `wings configure --panel-url ${panel} --token ${key} --node ${node.id}${insecure}`
  return {
    token: key,
    expiresAt,
    commands: { pterodactyl: `cd /etc/pterodactyl && sudo ${command}`, pelican: `cd /etc/pelican && sudo ${command}` },
  }
}
