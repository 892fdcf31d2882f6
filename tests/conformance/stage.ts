import { eq } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { eggs, locations, wingsNodes } from '#server/database/schema'
import { KEY_RESOURCES } from '#shared/permissions'
import { request, signedInAs } from '../support/api'
import { makeAllocation, makeNest, makeRootAdmin } from '../support/factories'
import { createServer, eventually, panelWithNode, statusOf } from '../support/panel-with-node'
import { routesUrl } from '../support/routes'
import { makeKey } from '../support/world'
import { recordWire } from './recorder'

export const PASSWORD = 'tea with the admiral'

/** A panel with a node, the keys that clients are given, and the wire between them. */
export async function raiseStage() {
  const panel = await panelWithNode()
  const wire = await recordWire(await routesUrl())

  // Some clients know no other place and no other nest.
  await useDrizzle()
    .insert(locations)
    .values({ id: '1', short: 'first' })
    .onConflictDoUpdate({
      target: locations.id,
      set: { short: 'first' },
    })
  await makeNest({ id: '1' }).catch(() => undefined) // unless the egg's is the first already
  await useDrizzle().update(wingsNodes).set({ locationId: '1', public: true }).where(eq(wingsNodes.id, panel.nodeId))
  await useDrizzle().update(eggs).set({ nestId: '1' }).where(eq(eggs.id, panel.egg.id))

  const root = await makeRootAdmin({}, { password: PASSWORD })
  const full = Object.fromEntries(KEY_RESOURCES.map((resource) => [resource, 3]))
  const application = bearerOf(await makeKey(root, full))

  return { panel, wire, root, application, node: Number(panel.nodeId), egg: Number(panel.egg.id), accountKeyOf }
}

export type Stage = Awaited<ReturnType<typeof raiseStage>>

const bearerOf = ({ headers }: { headers: Record<string, string> }) => (headers.authorization ?? '').slice(7)

/** Of two parts, as a person puts them together. */
async function accountKeyOf(user: Parameters<typeof signedInAs>[0]): Promise<string> {
  const reply = await request('POST /api/client/account/api-keys', {
    as: await signedInAs(user),
    body: { description: 'a client', allowed_ips: [] },
  })
  return `${reply.body.attributes.identifier}${reply.body.meta.secret_token}`
}

/** One that has finished its installation, on a port of its own. */
export async function makeInstalledServer({ panel }: Pick<Stage, 'panel'>, more: Record<string, unknown> = {}) {
  const spare = await makeAllocation(panel.nodeId)
  const made = await createServer(panel, { allocation: { default: Number(spare.id) }, ...more })
  if (made.status !== 201) throw new Error(JSON.stringify(made.body))
  const { id, uuid, identifier } = made.body.attributes as { id: number; uuid: string; identifier: string }
  await eventually(statusOf(panel.callers.root, identifier), (status) => status === null)
  return { id, uuid, identifier, allocation: Number(spare.id) }
}
