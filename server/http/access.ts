import { getRouterParam, setResponseHeader, type H3Event } from 'h3'
import type { Person } from '#server/auth/actor'
import { findCaller } from '#server/auth/identify'
import type { FoundPerson } from '#server/auth/find-person'
import { AppError } from '#server/errors'
import { isAdministrator, isNarrowed, mayAdminister, reachesNode } from '#server/policies/administration-policy'
import { can, conflictOf, type Condition, type ServerTie } from '#server/policies/server-policy'
import { noteSeen } from '#server/services/account/note-seen'
import { findViewFor, type DetailedServer, type ViewedRow } from '#server/services/servers/client-view'
import { findServerByNumber, findServerFor, type ServerWithNode } from '#server/services/servers/find-server'
import { findNodeByNumber } from '#server/services/nodes/find-node'
import { recordBlockedAddress } from '#server/services/activity/record-blocked-address'
import { getSettings } from '#server/services/settings/current-settings'
import type { ServerRow, WingsNodeRow } from '#server/database/schema'
import type { Endpoint } from '#shared/contracts/endpoint'
import type { AdminResource, Level, ServerPermission } from '#shared/permissions'
import type { Settings } from '#shared/contracts/settings'
import { isActing, refuseActing } from './acting'
import { clientAddress, isListed } from './address'
import { assertNotForeign, assertSameOrigin } from './same-origin'
import { readDocument } from './input'
import { limitRate } from './rate-limit'
import { pathOf } from './reply'
import { admitting, type AskedRight, type Guard } from './define-route'

type Tree = 'client' | 'application'

/** What one may do before a demand (second factor, new password) is met. */
interface Demands {
  exempt?: ('two-factor' | 'password')[]
}

/**
 * Who asks, or why he may not: 401 · maintenance 503 · malformed body 400 · demands 400, 403 · address 403 · rate 429 · a key of the
 * other tree 403. Nothing of his was loaded yet.
 */
export async function identify(event: H3Event, tree: Tree, { exempt = [] }: Demands = {}): Promise<Person> {
  const ip = clientAddress(event)
  const caller = await findCaller(event, ip)
  if (!caller) throw new AppError('auth.required')
  const { person, found } = caller

  if (person.door.kind === 'session') assertSameOrigin(event)
  if (!isRaw(event)) await readDocument(event)
  refuseActing(person, event.context.endpoint as Endpoint | undefined)

  const settings = await getSettings()
  if (tree === 'client') refuseInMaintenance(person, settings)
  // Whoever acts as him has met his own demands.
  if (found.mustChangePassword && !exempt.includes('password') && !isActing(person))
    throw new AppError('auth.password_change_demanded')
  if (!exempt.includes('two-factor') && !isActing(person) && demandsSecondFactor(found, settings.signIn.twoFactorLevel))
    throw new AppError('auth.two_factor_demanded')

  if (found.allowedIps?.length && !isListed(ip, found.allowedIps)) {
    await recordBlockedAddress(person)
    throw new AppError('auth.address_refused', { values: { ip } })
  }

  const { clientPerMinute, applicationPerMinute } = settings.limits
  const ofPerson = {
    key: `${tree}:${person.userId}`,
    perMinute: tree === 'client' ? clientPerMinute : applicationPerMinute,
  }
  const { door } = person
  const ofKey =
    'identifier' in door && found.perMinute ? [{ key: `key:${door.identifier}`, perMinute: found.perMinute }] : []
  limitRate(event, ...ofKey, ofPerson)

  if (tree === 'client' && (door.kind === 'application-key' || door.kind === 'deploy-key'))
    throw new AppError('auth.wrong_key_kind')
  // A reply to one person is nobody else's, whatever stands between.
  setResponseHeader(event, 'cache-control', 'no-store')
  noteSeen(person, found)
  return person
}

/** How soon it is worth to ask again. */
const MAINTENANCE_RETRY_S = 60

/** An administrator who acts as somebody else still is one. */
function refuseInMaintenance(person: Person, { maintenance }: Settings): void {
  if (maintenance.isOn && !isActing(person) && !isAdministrator(person))
    throw new AppError('panel.maintenance', { retryAfterSeconds: MAINTENANCE_RETRY_S })
}

/** Bytes of a file, whatever their label says. */
const isRaw = (event: H3Event) =>
  /^\/api\/client\/account\/avatar\/?$/.test(pathOf(event)) ||
  /^\/api\/application\/settings\/images\/[^/]+\/?$/.test(pathOf(event)) ||
  /^\/api\/client\/servers\/[^/]+\/files\/write\/?$/.test(pathOf(event)) ||
  /^\/api\/application\/eggs\/import(\/preview)?\/?$/.test(pathOf(event))

export function demandsSecondFactor(found: FoundPerson, level: number): boolean {
  if (found.hasSecondFactor || level === 0) return false
  return level === 2 || isAdministrator(found)
}

/** Open to everybody. The reason is for the reader; a write from a page of somebody else's is refused all the same. */
export function anyone(_reason: string): Guard<object> {
  return admitting({ who: 'anyone' }, async (event) => {
    assertNotForeign(event)
    await readDocument(event)
    return {}
  })
}

/**
 * A person, by session or account key. A key for some servers or permissions is let in only by what answers it no more
 * than those.
 */
export function signedIn({
  takesNarrowedKeys = false,
  ...demands
}: Demands & { takesNarrowedKeys?: boolean } = {}): Guard<{
  actor: Person
}> {
  return admitting({ who: 'person', takesNarrowedKeys }, async (event) => {
    const actor = await identify(event, 'client', demands)
    if (isNarrowed(actor) && !takesNarrowedKeys) throw new AppError('auth.forbidden')
    return { actor }
  })
}

/** A person in a browser: what a key may not do. */
export function inBrowser(demands: Demands = {}): Guard<{ actor: Person & { door: { kind: 'session' } } }> {
  return admitting({ who: 'person', isBrowserOnly: true }, async (event) => {
    const actor = await identify(event, 'client', demands)
    if (actor.door.kind !== 'session') throw new AppError('auth.forbidden')
    return { actor: actor as Person & { door: { kind: 'session' } } }
  })
}

export interface OnServer extends ServerWithNode {
  actor: Person
  tie: ServerTie
}

interface OnServerOptions<More extends object> {
  condition?: Condition
  /** Brings what else the path names, or throws 404: that comes before the state of the server, and before any right. */
  holding?: (event: H3Event, server: ServerRow) => Promise<More>
  /** Where the API has a sentence of its own for who lacks the permission. */
  refusal?: 'auth.forbidden' | 'schedule.task_forbidden'
}

/** `'access'` asks only for a tie to the server. Strangers get 404: that a server exists is already private. */
export function onServer<More extends object = object>(
  permission: ServerPermission | 'access',
  { condition = 'ready', holding, refusal = 'auth.forbidden' }: OnServerOptions<More> = {},
): Guard<OnServer & More> {
  return admitting({ who: 'server', permissions: permission === 'access' ? [] : [permission] }, async (event) => {
    const actor = await identify(event, 'client')
    const found = await findServerFor(actor, getRouterParam(event, 'server') ?? '')
    if (!found) throw new AppError('server.not_found')

    const { server, node, isTransferring, tie } = found
    const held = await holding?.(event, server)
    const facts = {
      status: server.status,
      suspended: server.suspended,
      isNodeUnderMaintenance: node.maintenanceMode,
      isTransferring,
    }
    const conflict = conflictOf(facts, tie, condition)
    if (conflict) throw new AppError(conflict)
    if (permission !== 'access' && !can(tie, permission)) throw new AppError(refusal)
    return { actor, ...found, ...held } as OnServer & More
  })
}

/** A server in any state with all that is told of it, in one statement: for whoever is tied to it. */
export function onViewedServer(): Guard<{
  actor: Person
  server: ViewedRow
  view: DetailedServer
  tie: ServerTie
}> {
  return admitting({ who: 'server', permissions: [] }, async (event) => {
    const actor = await identify(event, 'client')
    const found = await findViewFor(actor, getRouterParam(event, 'server') ?? '')
    if (!found) throw new AppError('server.not_found')
    return { actor, ...found }
  })
}

async function identifyAdministrator(event: H3Event, resource: AdminResource, level: Level): Promise<Person> {
  const actor = await identify(event, 'application')
  if (!isAdministrator(actor)) throw new AppError('auth.not_administrator')
  if (isNarrowed(actor) || !mayAdminister(actor, resource, level)) throw new AppError('auth.forbidden')
  return actor
}

const asking = <Context extends object>(
  asks: AskedRight,
  guard: Guard<Context>,
  { isBrowserOnly = false, takesDeployKeys = false } = {},
): Guard<Context> => Object.assign(admitting({ who: 'administrator', isBrowserOnly, takesDeployKeys }, guard), { asks })

/** An administrator in a browser: what a key may not do. */
export function administratorInBrowser(resource: AdminResource, level: Level): Guard<{ actor: Person }> {
  const guard = async (event: H3Event) => {
    const actor = await identifyAdministrator(event, resource, level)
    if (actor.door.kind !== 'session') throw new AppError('auth.forbidden')
    return { actor }
  }
  return asking({ resources: [resource], level }, guard, { isBrowserOnly: true })
}

/** Lists and creations. What is on nodes is narrowed by the service with `actor.nodeIds`. */
export function administrator(resource: AdminResource, level: Level): Guard<{ actor: Person }> {
  return asking({ resources: [resource], level }, async (event) => {
    const actor = await identifyAdministrator(event, resource, level)
    // A deploy key reads one node's configuration and nothing else.
    if (actor.door.kind === 'deploy-key') throw new AppError('auth.forbidden')
    return { actor }
  })
}

/** What has a part for each of several rights: let in is who holds one of them; what he sees of it, the service decides. */
export function administratorOfAny(resources: readonly AdminResource[], level: Level): Guard<{ actor: Person }> {
  return asking({ resources, level }, async (event) => {
    const actor = await identify(event, 'application')
    if (!isAdministrator(actor)) throw new AppError('auth.not_administrator')
    const mayAny = resources.some((resource) => mayAdminister(actor, resource, level))
    if (isNarrowed(actor) || actor.door.kind === 'deploy-key' || !mayAny) throw new AppError('auth.forbidden')
    return { actor }
  })
}

/** One node of `/api/application/nodes/:node`. One beyond his roles does not exist for him. */
export function onNode(
  resource: AdminResource,
  level: Level,
  { deployKey = false } = {},
): Guard<{ actor: Person; node: WingsNodeRow }> {
  const guard = async (event: H3Event) => {
    const actor = await identifyAdministrator(event, resource, level)
    if (actor.door.kind === 'deploy-key' && !deployKey) throw new AppError('auth.forbidden')
    const node = await findNodeByNumber(getRouterParam(event, 'node') ?? '')
    if (!node || !reachesNode(actor, node.id)) throw new AppError('resource.not_found')
    if (actor.door.kind === 'deploy-key' && actor.door.nodeId !== node.id) throw new AppError('resource.not_found')
    return { actor, node }
  }
  return asking({ resources: [resource], level }, guard, { takesDeployKeys: deployKey })
}

/** One server of `/api/application/servers/:server`. */
export function onManagedServer(resource: AdminResource, level: Level): Guard<{ actor: Person } & ServerWithNode> {
  return asking({ resources: [resource], level }, async (event) => {
    const actor = await identifyAdministrator(event, resource, level)
    if (actor.door.kind === 'deploy-key') throw new AppError('auth.forbidden')
    const found = await findServerByNumber(getRouterParam(event, 'server') ?? '')
    if (!found || !reachesNode(actor, found.node.id)) throw new AppError('resource.not_found')
    return { actor, ...found }
  })
}
