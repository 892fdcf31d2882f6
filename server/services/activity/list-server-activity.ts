import { and, asc, desc, eq, inArray, lt, ne, not, notInArray, notLike, type SQL } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import {
  apiKeys,
  auditEvents,
  serverSubusers,
  users,
  type AuditEventRow,
  type ServerRow,
} from '#server/database/schema'
import { ACTIVITY_EXPORT_MAX } from '#shared/contracts/client/activity'
import { NEVER_LISTED } from '#shared/activity-events'
import { getSettings } from '#server/services/settings/current-settings'
import {
  impersonators,
  listed,
  matches,
  type ActivityFilters,
  type ListActivity,
  type ListedActivity,
} from './list-activity'

/** What happened to a server and on it, whoever did it, administrators among them. Oldest first unless asked otherwise. */
export const listManagedActivity = (server: Pick<ServerRow, 'id'>, asked: ListActivity) =>
  listOf(isOf(server, asked.filters), asked)

/** The same as the people of a server see it: without the administration, and where the settings say so without administrators. */
export const listServerActivity = async (server: ServerRow, asked: ListActivity) =>
  listOf(await isShown(server, asked.filters), asked)

const PER_STATEMENT = 1000

/** All of that, the newest first, a piece at a time: nothing is held, and whoever is slow holds no connection. */
export async function* exportServerActivity(
  server: ServerRow,
  filters: ActivityFilters,
): AsyncGenerator<ListedActivity[]> {
  const condition = await isShown(server, filters)
  let told = 0
  let before: AuditEventRow['id'] | undefined
  do {
    const isOlder = before === undefined ? undefined : lt(auditEvents.id, before)
    const rows = await select(and(condition, isOlder), desc(auditEvents.id)).limit(
      Math.min(PER_STATEMENT, ACTIVITY_EXPORT_MAX - told),
    )
    yield rows as ListedActivity[]
    told += rows.length
    before = rows.length === PER_STATEMENT ? rows.at(-1)?.event.id : undefined
  } while (before !== undefined && told < ACTIVITY_EXPORT_MAX)
}

async function listOf(condition: SQL | undefined, { page, size, sorts }: ListActivity) {
  const [rows, total] = await Promise.all([
    // Ids begin with the time, and an index leads along those of one server.
    select(condition, (sorts[0]?.descending ? desc : asc)(auditEvents.id))
      .limit(size)
      .offset((page - 1) * size),
    useDrizzle().$count(auditEvents, condition),
  ])
  return { rows: rows as ListedActivity[], total, page, size }
}

const select = (condition: SQL | undefined, order: SQL) =>
  useDrizzle()
    .select(listed)
    .from(auditEvents)
    .leftJoin(users, and(eq(auditEvents.actorType, 'user'), eq(users.id, auditEvents.actor)))
    .leftJoin(impersonators, eq(impersonators.id, auditEvents.impersonatorId))
    .leftJoin(apiKeys, eq(apiKeys.identifier, auditEvents.apiKeyIdentifier))
    .where(condition)
    .orderBy(order)
    .$dynamic()

const isOf = (server: Pick<ServerRow, 'id'>, filters: ActivityFilters): SQL | undefined =>
  and(eq(auditEvents.serverId, server.id), ne(auditEvents.action, NEVER_LISTED), matches(filters))

async function isShown(server: ServerRow, filters: ActivityFilters): Promise<SQL | undefined> {
  const { hidesAdministrators } = (await getSettings()).activity
  return and(
    isOf(server, filters),
    notLike(auditEvents.action, 'admin:%'),
    hidesAdministrators ? not(isByOutsider(server)) : undefined,
  )
}

/** By an administrator to whom the server is neither his own nor shared. */
function isByOutsider(server: ServerRow): SQL {
  const db = useDrizzle()
  const subusers = db
    .select({ id: serverSubusers.userId })
    .from(serverSubusers)
    .where(eq(serverSubusers.serverId, server.id))
  const outsiders = db
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.role, 'admin'), ne(users.id, server.ownerId), notInArray(users.id, subusers)))
  return and(eq(auditEvents.actorType, 'user'), inArray(auditEvents.actor, outsiders)) as SQL
}
