import { randomBytes } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { settings, wingsNodes } from '#server/database/schema'
import { forgetSettings } from '#server/services/settings/current-settings'
import { startWings, type Flavour, type WingsOptions } from '../../simulator/wings.ts'
import { request, signedInAs, type Caller } from './api'
import { makeAllocation, makeEgg, makeNode, makeRootAdmin, makeUser } from './factories'
import { routesUrl } from './routes'

const FAST = {
  stepMs: 5,
  tickMs: 40,
  statsMs: 40,
  activityMs: 100,
  retryFirstMs: 20,
  retryForMs: 400,
  stopWaitMs: 1000,
}

/** A simulated node that has booted against the panel whose routes run here. */
export async function connectNode({ timing, ...options }: WingsOptions = {}) {
  const panelUrl = await routesUrl()
  const token = randomBytes(32).toString('hex')
  const tokenId = `id${Math.random().toString(36).slice(2).padEnd(14, 'x')}`.slice(0, 16)
  const row = await makeNode({
    tokenIdentifier: tokenId,
    tokenSecret: token,
    apiToken: token,
    memory: 100_000,
    disk: 1_000_000,
    flavour: null,
    version: null,
    lastSeenAt: null,
  })
  const wings = await startWings({
    panelUrl,
    tokenId,
    token,
    upForMs: 60_000,
    ...options,
    timing: { ...FAST, ...timing },
  })
  // The system may hand out the port of a node that an earlier test has stopped.
  await useDrizzle()
    .update(wingsNodes)
    .set({ baseUrl: `http://stopped-before-${row.id}` })
    .where(eq(wingsNodes.baseUrl, wings.url))
  await useDrizzle()
    .update(wingsNodes)
    .set({ baseUrl: wings.url, fqdn: '127.0.0.1', scheme: 'http', daemonListen: wings.port, connectPort: null })
    .where(eq(wingsNodes.id, row.id))
  return { wings, nodeId: row.id }
}

/** A panel whose routes run here, with one simulated node that has booted against it. */
export async function panelWithNode(flavour: Flavour = 'pterodactyl', more: Partial<WingsOptions> = {}) {
  const panelUrl = await routesUrl()
  await useDrizzle()
    .insert(settings)
    .values({ key: 'panel.address', value: JSON.stringify(panelUrl), updatedAt: new Date().toISOString() })
    .onConflictDoUpdate({ target: settings.key, set: { value: JSON.stringify(panelUrl) } })
  forgetSettings()

  const { wings, nodeId } = await connectNode({ flavour, ...more })
  const [owner, root] = [await makeUser(), await makeRootAdmin()]
  const egg = await makeEgg(
    {
      configStartup: JSON.stringify({ done: 'Server ready' }),
      configStop: 'stop',
      configFiles: JSON.stringify({
        'server.properties': { parser: 'properties', find: { 'server-port': '{{server.build.default.port}}' } },
      }),
    },
    { variables: [{ envVariable: 'MOTD', name: 'Greeting', defaultValue: 'hello', rules: 'required|string|max:20' }] },
  )
  const allocation = await makeAllocation(nodeId)
  const callers = { owner: await signedInAs(owner), root: await signedInAs(root) }
  return { wings, nodeId, owner, egg, allocation, callers, [Symbol.asyncDispose]: () => wings.stop() }
}

export type PanelWithNode = Awaited<ReturnType<typeof panelWithNode>>

/** What a billing system sends. */
export const serverBody = ({ owner, egg, allocation }: PanelWithNode, more: Record<string, unknown> = {}) => ({
  name: 'Survival',
  user: Number(owner.id),
  egg: Number(egg.id),
  docker_image: egg.dockerImage,
  startup: egg.startup,
  environment: { MOTD: 'welcome' },
  limits: { memory: 512, swap: 0, disk: 1024, io: 500, cpu: 100 },
  feature_limits: { databases: 1, backups: 1, allocations: 1 },
  allocation: { default: Number(allocation.id) },
  ...more,
})

export const createServer = (panel: PanelWithNode, more: Record<string, unknown> = {}) =>
  request('POST /api/application/servers', { as: panel.callers.root, body: serverBody(panel, more) })

/** Asks again until the answer is so; for what the node does by itself. */
export async function eventually<Value>(
  ask: () => Promise<Value>,
  isSo: (value: Value) => boolean,
  forMs = 5000,
): Promise<Value> {
  const end = Date.now() + forMs
  for (;;) {
    const value = await ask()
    if (isSo(value)) return value
    if (Date.now() > end) throw new Error(`It never became so: ${JSON.stringify(value).slice(0, 500)}`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

export const statusOf = (as: Caller, identifier: string) => async () =>
  (await request(`GET /api/client/servers/${identifier}`, { as })).body.attributes.status as string | null
