import { eq } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { now } from '#server/database/columns'
import { useDrizzle, type Executor } from '#server/database/client'
import { isForeignKeyViolation } from '#server/database/errors'
import { only } from '#server/database/rows'
import { databaseHostNodes, databaseHosts, type DatabaseHostRow } from '#server/database/schema'
import { AppError, refusedField } from '#server/errors'
import { notify } from '#server/events/notify'
import { reachesAll, reachesNode } from '#server/policies/administration-policy'
import { changeOf } from '#server/services/activity/change-of'
import { recordActivity } from '#server/services/activity/record-activity'
import type { CreateDatabaseHostBody, UpdateDatabaseHostBody } from '#shared/contracts/application/database-hosts'
import { addressOf } from './host-address'
import { getDatabaseHost, findHost, type DatabaseHostView } from './queries'
import { tryHost } from './try-host'

const refused = (error: unknown): never => {
  if (isForeignKeyViolation(error)) throw refusedField('node_ids', 'exists', 'The selected node ids is invalid.')
  throw error
}

interface CreateDatabaseHost {
  actor: Actor
  asked: CreateDatabaseHostBody
}

/** Saved only if the host works. @throws {AppError} `request.invalid`, `database_host.not_working` */
export async function createDatabaseHost({ actor, asked }: CreateDatabaseHost): Promise<DatabaseHostView> {
  const { node_ids: nodes, engine, ...rest } = asked
  refuseBeyondReach(actor, nodes)
  const { password } = rest
  if (!password) throw refusedField('password', 'required', 'The password field is required.')
  const values = { ...columnsOf(rest), engine, password } as typeof databaseHosts.$inferInsert
  await prove(values as DatabaseHostRow)

  return useDrizzle()
    .transaction(async (tx) => {
      const { id } = only(
        await tx
          .insert(databaseHosts)
          .values({ ...values, checkedAt: now() })
          .returning(),
      )
      await linkNodes(tx, id, nodes)
      const saved = await getDatabaseHost(actor, id, tx)
      await record(tx, actor, 'create', id, toldOf(saved))
      return saved
    })
    .catch(refused)
}

interface UpdateDatabaseHost {
  actor: Actor
  view: DatabaseHostView
  asked: UpdateDatabaseHostBody
}

/**
 * What is left out stays, and so does a password that comes empty. Where the way to the host changes, it has to work, and
 * at another address the password is given anew.
 *
 * @throws {AppError} `request.invalid`, `database_host.not_working`
 */
export async function updateDatabaseHost({ actor, view, asked }: UpdateDatabaseHost): Promise<DatabaseHostView> {
  const { id } = view.host
  const { node_ids: nodes, ...rest } = asked
  refuseBeyondReach(
    actor,
    view.nodes.map((node) => Number(node.id)),
  )
  if (nodes) refuseBeyondReach(actor, nodes)
  const change = columnsOf(rest)
  const stored = await findHost(id)
  if (!stored) throw new AppError('resource.not_found')
  refuseToSendElsewhere(stored, change)
  const isMoved = WAY.some((key) => change[key] !== undefined && change[key] !== stored[key])
  if (isMoved) await prove({ ...stored, ...change } as DatabaseHostRow)

  return useDrizzle()
    .transaction(async (tx) => {
      await tx
        .update(databaseHosts)
        .set({ ...change, updatedAt: now(), ...(isMoved && { checkedAt: now(), failure: null }) })
        .where(eq(databaseHosts.id, id))
      if (nodes) await linkNodes(tx, id, nodes)
      const saved = await getDatabaseHost(actor, id, tx)
      const [was, is] = [toldOf(view), toldOf(saved)]
      await record(tx, actor, 'update', id, {
        name: saved.host.name,
        ...changeOf(was, is, Object.keys(is) as (keyof typeof is)[]),
        password_replaced: change.password !== undefined,
      })
      return saved
    })
    .catch(refused)
}

/** What decides whether the panel comes in. */
const WAY = ['host', 'port', 'username', 'password', 'tlsMode'] as const

type Columns = Partial<
  Pick<DatabaseHostRow, 'name' | 'maxDatabases' | 'publicHost' | 'publicPort' | (typeof WAY)[number]>
>

function columnsOf(asked: Omit<UpdateDatabaseHostBody, 'node_ids'>): Columns {
  const { name, host, port, username, password, max_databases, public_host, public_port, tls_mode } = asked
  return {
    ...(name !== undefined && { name }),
    ...(host !== undefined && { host }),
    ...(port !== undefined && { port }),
    ...(username !== undefined && { username }),
    ...(password && { password }),
    ...(max_databases !== undefined && { maxDatabases: max_databases }),
    ...(public_host !== undefined && { publicHost: public_host }),
    ...(public_port !== undefined && { publicPort: public_port }),
    ...(tls_mode !== undefined && { tlsMode: tls_mode }),
  }
}

/** Whoever may change a host has not thereby learned its password: it goes to no address that he chooses, nor there in clear. */
function refuseToSendElsewhere(stored: DatabaseHostRow, change: Columns): void {
  const isElsewhere = (['host', 'port'] as const).some(
    (key) => change[key] !== undefined && change[key] !== stored[key],
  )
  const isBared = stored.tlsMode === 'verify' && change.tlsMode !== undefined && change.tlsMode !== 'verify'
  if ((isElsewhere || isBared) && !change.password)
    throw refusedField('password', 'required', 'The password field is required where the way to the host changes.')
}

/** @throws {AppError} `database_host.not_working`, with what the host said */
async function prove(host: DatabaseHostRow): Promise<void> {
  const { error } = await tryHost(addressOf(host), { isThorough: true })
  if (error !== null) throw new AppError('database_host.not_working', { values: { said: error } })
}

/**
 * A host without nodes serves them all. Whoever is limited to some makes, changes and deletes none of these, and gives his
 * own to no other node.
 *
 * @throws {AppError} `auth.forbidden`, `request.invalid`
 */
export function refuseBeyondReach(actor: Actor, nodes: readonly number[]): void {
  if (nodes.length === 0 && !reachesAll(actor)) throw new AppError('auth.forbidden')
  if (!nodes.every((node) => reachesNode(actor, String(node))))
    throw refusedField('node_ids', 'exists', 'The selected node ids is invalid.')
}

async function linkNodes(tx: Executor, databaseHostId: string, nodes: readonly number[]): Promise<void> {
  await tx.delete(databaseHostNodes).where(eq(databaseHostNodes.databaseHostId, databaseHostId))
  const links = [...new Set(nodes)].map((node) => ({ databaseHostId, nodeId: String(node) }))
  if (links.length > 0) await tx.insert(databaseHostNodes).values(links)
}

/** What the audit tells of a host: all but its password. */
const toldOf = ({ host, nodes }: DatabaseHostView) => ({
  name: host.name,
  engine: host.engine,
  host: host.host,
  port: host.port,
  username: host.username,
  tls_mode: host.tlsMode,
  public_host: host.publicHost,
  public_port: host.publicPort,
  max_databases: host.maxDatabases,
  nodes: nodes.map(({ name }) => name),
})

async function record(
  tx: Executor,
  actor: Actor,
  act: 'create' | 'update',
  id: string,
  properties: Record<string, unknown>,
): Promise<void> {
  const event = act === 'create' ? 'admin:database-host.create' : 'admin:database-host.update'
  await recordActivity(tx, { actor, event, target: { type: 'database_host', id }, properties })
  await notify(tx, 'administration', { what: 'database_hosts' })
}
