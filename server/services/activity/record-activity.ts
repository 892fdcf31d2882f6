import { eq, sql, type SQL } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import type { Actor } from '#server/auth/actor'
import { now } from '#server/database/columns'
import type { Executor } from '#server/database/client'
import { auditMetadata } from '#server/database/json'
import { auditEvents, auditSubjects } from '#server/database/schema'
import { telling } from '#server/events/notify'
import type { ActivityEvent } from '#shared/activity-events'
import { withoutSecrets } from './without-secrets'

export type TargetType =
  | 'server'
  | 'user'
  | 'node'
  | 'location'
  | 'allocation'
  | 'nest'
  | 'egg'
  | 'egg_variable'
  | 'egg_source'
  | 'backup'
  | 'database'
  | 'schedule'
  | 'task'
  | 'api_key'
  | 'ssh_key'
  | 'session'
  | 'settings'
  | 'mail_template'
  | 'announcement'
  | 'role'
  | 'mount'
  | 'database_host'
  | 'backup_host'
  | 'identity_provider'
  | 'audit'

export interface Activity {
  actor: Actor
  event: ActivityEvent
  /** What was acted on; it may be gone later. */
  target: { type: TargetType; id: string | null }
  /** The server it belongs to, where the target is not the server itself. */
  serverId?: string
  /** Whom or what else it concerns: an account's own log is what has that user as a subject. */
  subjects?: { type: TargetType; id: string }[]
  /** Of a change `{ before, after }`: see `changeOf`. What is named like a secret is masked. */
  properties?: Record<string, unknown>
  /** Rows of one act share it. */
  batch?: string
}

/** An event as parts of a statement: every write of the panel passes here, and some have more to do in the same one. */
export interface ActivityParts {
  id: string
  /** For its `with`. */
  writes: SQL[]
  /** For what it selects: open pages hear of it. */
  hints: SQL[]
}

/**
 * Writes down what happened and lets open pages know. Takes the caller's transaction, so that nothing is logged that
 * did not happen. A person's own account is always among the subjects of what he does to it. Answers the row's id.
 */
export async function recordActivity(tx: Executor, activity: Activity): Promise<string> {
  const { id, writes, hints } = partsOf(tx, activity)
  await tx.execute(sql`with ${sql.join(writes, sql`, `)} select ${sql.join([sql`1`, ...hints], sql`, `)}`)
  return id
}

/** Lists go by id, and what happens within one millisecond keeps its order, too. */
let recorded = 0

/** The same, to be part of another statement. */
export function partsOf(tx: Executor, activity: Activity): ActivityParts {
  const { actor, event, target, subjects = [], properties = {}, batch } = activity
  const at = now()
  const serverId = activity.serverId ?? (target.type === 'server' ? target.id : null)
  recorded += 1
  const id = uuidv7({ msecs: Date.parse(at), seq: recorded >>> 0 })

  const row = tx.insert(auditEvents).values({
    id,
    occurredAt: at,
    createdAt: at,
    action: event,
    targetType: target.type,
    targetId: target.id,
    serverId,
    batch: batch ?? null,
    metadata: z.encode(auditMetadata, withoutSecrets(properties) as z.output<typeof auditMetadata>),
    ...traceOf(actor),
  })

  const own = event.startsWith('user:') || event.startsWith('auth:') ? target : undefined
  const concerned = new Map(
    [...(own?.id ? [own as { type: TargetType; id: string }] : []), ...subjects].map((subject) => [
      `${subject.type}:${subject.id}`,
      { eventId: id, ...subject },
    ]),
  )
  const about = concerned.size > 0 && tx.insert(auditSubjects).values([...concerned.values()])
  const people = [...concerned.values()].filter(({ type }) => type === 'user')
  const hints = [
    ...people.map(({ id: userId }) => telling('account', { userId, what: 'activity' })),
    ...(serverId ? [telling('server', { serverId, what: 'activity' })] : []),
    ...(event.startsWith('admin:') ? [telling('administration', { what: 'audit' })] : []),
  ]
  const writes = [sql`event as (${row.getSQL()})`, ...(about ? [sql`subjects as (${about.getSQL()})`] : [])]
  return { id, writes, hints }
}

/** What turned out only after the commit: properties of a row that was written with it. */
export async function completeActivity(tx: Executor, id: string, properties: Record<string, unknown>): Promise<void> {
  const isRow = eq(auditEvents.id, id)
  const [row] = await tx.select({ metadata: auditEvents.metadata }).from(auditEvents).where(isRow).for('update')
  if (!row) return
  const known = z.decode(auditMetadata, row.metadata ?? '{}')
  const metadata = z.encode(auditMetadata, { ...known, ...withoutSecrets(properties) } as z.output<
    typeof auditMetadata
  >)
  await tx.update(auditEvents).set({ metadata }).where(isRow)
}

/** Who it was, in the columns of `audit_events`. */
function traceOf({ userId, username, door, ip }: Actor) {
  return {
    actor: userId ?? 'system',
    actorType: userId ? ('user' as const) : ('system' as const),
    actorName: username,
    ip,
    impersonatorId: door.kind === 'session' ? door.impersonatorId : null,
    apiKeyIdentifier: 'identifier' in door ? door.identifier : null,
  }
}
