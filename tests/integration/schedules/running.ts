import { and, eq, isNotNull } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { scheduleRunTasks, servers } from '#server/database/schema'
import { createRunner } from '#server/services/schedules/runner'
import { request, type Loose } from '../../support/api'
import { eventually, panelWithNode, type PanelWithNode } from '../../support/panel-with-node'
import { changeSettings } from '../../support/settings'
import { installed, type Installed } from '../backups/arrange'
import { comesDue, runsOf, type Owned } from './arrange'

/* A panel with a node on which what a schedule says is really done. One for a test file. */

let panel: PanelWithNode
export const runner = createRunner()

export async function startEngine(): Promise<PanelWithNode> {
  panel = await panelWithNode()
  await changeSettings({ 'backups.throttleLimit': 0 })
  return panel
}

/** An installed server on the node, that may keep so many backups. */
export async function here(limit = 3): Promise<Owned & { installed: Installed }> {
  const server = await installed(panel, limit)
  const path = `/api/client/servers/${server.identifier}/schedules`
  const [row] = await useDrizzle().select().from(servers).where(eq(servers.id, server.id))
  return { installed: server, server: row!, owner: panel.owner, as: panel.callers.owner, path }
}

/** What the node was told of it. */
export const callsOf = (uuid: string, what: string) =>
  panel.wings.seen.filter(({ path }) => path === `/api/servers/${uuid}/${what}`).map(({ body }) => body as Loose)
export const commandsOf = (one: Owned) => callsOf(one.server.uuid, 'commands').map(({ commands }) => commands[0])
export const signalsOf = (one: Owned) => callsOf(one.server.uuid, 'power').map(({ action }) => action)

export async function powered(one: Owned, signal: string, state: string) {
  await request(`POST /api/client/servers/${one.server.identifier}/power`, { as: one.as, body: { signal } })
  await eventually(
    async () => panel.wings.server(one.server.uuid).state,
    (now) => now === state,
  )
}

/** Due now, and everything that follows at once. */
export async function runs(id: number, secondsAgo = 1) {
  await comesDue(id, secondsAgo)
  await runner.drain()
  return runsOf(id)
}

/** What waits for its offset comes now. */
export async function passTime(): Promise<void> {
  await useDrizzle()
    .update(scheduleRunTasks)
    .set({ readyAt: new Date(Date.now() - 1000).toISOString() })
    .where(and(eq(scheduleRunTasks.status, 'waiting'), isNotNull(scheduleRunTasks.readyAt)))
}

export const executes = (one: Owned, id: number) => request(`POST ${one.path}/${id}/execute`, { as: one.as })
