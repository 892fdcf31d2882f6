import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Wire } from '#shared/contracts/envelope'
import type { activityLog } from '#shared/contracts/client/activity'
import type { Person } from '#server/auth/actor'
import { imageAddress } from '#shared/utils/image-address'
import { auditMetadata } from '#server/database/json'
import { mayAdminister } from '#server/policies/administration-policy'
import { csvLine } from '#server/serializers/csv'
import { itemOf, NOTHING, stampOf } from '#server/serializers/envelope'
import type { ListedActivity } from '#server/services/activity/list-activity'
import { serializePublicUser } from './public-user'

interface Shown {
  viewer: Person
  withActor: boolean
  withOrigin: boolean
}

export function serializeActivity(
  { event, actor, impersonator, keyName }: ListedActivity,
  { viewer, withActor, withOrigin }: Shown,
): Wire<typeof activityLog> {
  const isOwn = whoSatThere(event) === whoLooks(viewer)
  const told = z.safeDecode(auditMetadata, event.metadata ?? '{}').data ?? {}
  const properties = propertiesOf(told, isOwn)

  return itemOf('activity_log', {
    id: createHash('sha1').update(event.id).digest('hex'),
    batch: event.batch,
    event: event.action,
    is_api: event.apiKeyIdentifier !== null,
    ip: isOwn || mayAdminister(viewer, 'audit_addresses', 'read') ? event.ip : null,
    description: null,
    properties,
    has_additional_metadata: saysMore(event.action, properties),
    timestamp: stampOf(event.occurredAt),
    ...((withActor || withOrigin) && {
      relationships: {
        ...(withActor && { actor: actor ? serializePublicUser(actor) : NOTHING }),
        ...(withOrigin && {
          origin: itemOf('activity_origin', {
            kind: event.actorType,
            name: actor ? (actor.displayUsername ?? actor.username) : event.actorName,
            avatar: imageAddress(actor?.image ?? null),
            // Gone meanwhile: that somebody else acted must still be seen.
            impersonator: impersonator ?? (event.impersonatorId && `#${event.impersonatorId}`),
            key: isOwn ? keyName : null,
          }),
        }),
      },
    }),
  })
}

export const ACTIVITY_COLUMNS = 'time,event,person,acted_by,by_key,ip,properties'

/** One line of an export, in the order of `ACTIVITY_COLUMNS`. */
export function activityLine(row: ListedActivity, viewer: Person): string {
  const { attributes } = serializeActivity(row, { viewer, withActor: false, withOrigin: true })
  const { timestamp, event, is_api: isApi, ip, properties, relationships } = attributes
  const origin = relationships?.origin?.attributes
  return csvLine([
    timestamp,
    event,
    origin?.name ?? origin?.kind,
    origin?.impersonator,
    isApi ? 'yes' : 'no',
    ip,
    Object.keys(properties).length > 0 ? JSON.stringify(properties) : '',
  ])
}

/** An administrator who acts as somebody does it from his own address. */
const whoSatThere = ({ actorType, actor, impersonatorId }: ListedActivity['event']): string | null =>
  impersonatorId ?? (actorType === 'user' ? actor : null)

const whoLooks = ({ userId, door }: Person): string => (door.kind === 'session' ? door.impersonatorId : null) ?? userId

/** As clients read them: folders in one form, arrays with their number, and nobody else's address. */
function propertiesOf(told: Record<string, unknown>, isOwn: boolean): Record<string, unknown> {
  const entries = Object.entries(told).map(([name, value]) => [name, valueOf(name, value, isOwn)] as const)
  const counts = Object.entries(told).flatMap(([name, value]) =>
    Array.isArray(value) ? [[`${name}_count`, value.length] as const] : [],
  )
  const [only, ...others] = counts
  return Object.fromEntries([...entries, ...(only && others.length === 0 ? [['count', only[1]] as const] : counts)])
}

function valueOf(name: string, value: unknown, isOwn: boolean): unknown {
  if (name === 'ip' && !isOwn) return '[hidden]'
  if (name === 'directory' && typeof value === 'string')
    return `/${value.replace(/^\/+|\/+$/g, '')}/`.replace('//', '/')
  return value
}

/** What the usual sentence of an event names. */
const SAID: Record<string, readonly string[]> = {
  'auth:ip-blocked': ['identifier'],
  'auth:sftp.fail': ['method'],
  'user:account.email-changed': ['old', 'new'],
  'user:account.username-changed': ['old', 'new'],
  'user:api-key.create': ['identifier'],
  'user:api-key.delete': ['identifier'],
  'user:ssh-key.create': ['fingerprint'],
  'user:ssh-key.delete': ['fingerprint'],
  'user:session.revoke': ['count'],
  'server:console.command': ['command'],
  'server:backup.start': ['name', 'locked'],
  'server:backup.delete': ['name', 'failed'],
  'server:backup.restore': ['name', 'truncate'],
  'server:backup.rename': ['old_name', 'new_name'],
  'server:file.read': ['file'],
  'server:file.write': ['file'],
  'server:file.copy': ['file'],
  'server:file.download': ['file'],
  'server:file.uploaded': ['directory', 'file'],
  'server:file.rename': ['directory', 'files', 'count'],
  'server:file.delete': ['directory', 'files', 'count'],
  'server:file.compress': ['directory', 'files', 'count'],
  'server:file.decompress': ['directory', 'files', 'count'],
  'server:file.create-directory': ['directory', 'name'],
  'server:file.pull': ['directory', 'url'],
  'server:allocation.create': ['allocation'],
  'server:allocation.primary': ['allocation'],
  'server:allocation.delete': ['allocation'],
  'server:allocation.notes': ['allocation', 'old', 'new'],
  'server:schedule.update': ['name', 'active'],
  'server:task.create': ['name', 'action', 'payload'],
  'server:task.update': ['name', 'action', 'payload'],
  'server:settings.rename': ['old', 'new'],
  'server:settings.description': ['old', 'new'],
  'server:startup.edit': ['variable', 'old', 'new'],
  'server:startup.image': ['old', 'new'],
  'server:startup.command': ['old', 'new'],
  'server:subuser.create': ['email', 'permissions'],
  'server:subuser.update': ['email', 'old', 'new', 'revoked'],
  'server:subuser.delete': ['email', 'revoked'],
}

const ALWAYS_SAID = new Set(['ip', 'useragent', 'using_sftp', 'name'])

function saysMore(event: string, properties: Record<string, unknown>): boolean {
  const said = SAID[event] ?? []
  return Object.keys(properties).some(
    (name) => !ALWAYS_SAID.has(name) && !said.includes(name) && !name.endsWith('_count') && name !== 'count',
  )
}
