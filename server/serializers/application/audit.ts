import { csvLine } from '#server/serializers/csv'
import { stampOf } from '#server/serializers/envelope'
import type { AuditNames, AuditRow, FoundAudit, NamesNow } from '#server/services/audit/read-audit'
import type { auditEvent, auditPage } from '#shared/contracts/application/audit'
import type { Wire } from '#shared/contracts/envelope'

interface Shown {
  seesAddresses: boolean
}

type Person = NonNullable<Wire<typeof auditEvent>['attributes']['impersonator']>

export function serializeAuditPage(
  { rows, names, hasMore, before, searchedTo }: FoundAudit,
  shown: Shown,
): Wire<typeof auditPage> {
  return {
    object: 'list',
    data: rows.map((row) => serializeAuditEvent(row, names, shown)),
    meta: { has_more: hasMore, before, searched_to: searchedTo && stampOf(searchedTo) },
  }
}

export function serializeAuditEvent(
  row: AuditRow,
  names: AuditNames,
  { seesAddresses }: Shown,
): Wire<typeof auditEvent> {
  const person = row.actor_type === 'user' ? names.user[row.actor] : undefined
  const server = row.server_id === null ? undefined : names.server[row.server_id]
  return {
    object: 'audit_event',
    attributes: {
      id: row.id,
      event: row.action,
      batch: row.batch,
      actor: {
        type: row.actor_type,
        id: row.actor_type === 'user' ? numberOf(row.actor) : null,
        uuid: person?.uuid ?? null,
        name: person?.name ?? row.actor_name,
      },
      impersonator: impersonatorOf(row, names),
      api_key: row.api_key_identifier,
      ip: seesAddresses ? row.ip : null,
      object: {
        type: row.target_type,
        id: row.target_id,
        name: objectName(row, names),
        former_name: names.former[`${row.target_type}:${row.target_id}`] ?? null,
      },
      server: server && row.server_id !== null ? { id: Number(row.server_id), ...server } : null,
      properties: propertiesOf(row, seesAddresses),
      timestamp: stampOf(row.occurred_at),
    },
  }
}

const numberOf = (id: string): number | null => (/^\d{1,15}$/.test(id) ? Number(id) : null)

function impersonatorOf({ impersonator_id: id }: AuditRow, { user, former }: AuditNames): Person | null {
  if (id === null) return null
  // Gone meanwhile: that somebody else acted must still be seen.
  return { id: Number(id), uuid: user[id]?.uuid ?? '', name: user[id]?.name ?? former[`user:${id}`] ?? `#${id}` }
}

function objectName({ target_type: type, target_id: id }: AuditRow, names: AuditNames): string | null {
  if (id === null) return null
  return (Object.hasOwn(names, type) && names[type as keyof NamesNow][id]?.name) || null
}

/** Where a person came from is an address wherever it stands. */
const TELLS_ADDRESS = /^(auth|user):/

function propertiesOf({ metadata, action }: AuditRow, seesAddresses: boolean): Record<string, unknown> {
  if (metadata === null || metadata === '{}') return {}
  const told = parsed(metadata)
  if (seesAddresses || !('ip' in told) || !TELLS_ADDRESS.test(action)) return told
  return { ...told, ip: '[hidden]' }
}

/** Our own text; an old one that is broken is no reason to refuse the page. */
function parsed(metadata: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(metadata)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : {}
  } catch {
    return {}
  }
}

export const AUDIT_COLUMNS =
  'time,event,person,person_id,acted_by,api_key,ip,object_type,object_id,object_name,server,properties'

/** One line of the export, in the order of `AUDIT_COLUMNS`. */
export function auditLine(row: AuditRow, names: AuditNames, shown: Shown): string {
  const {
    timestamp,
    event,
    actor,
    impersonator,
    api_key: key,
    ip,
    object,
    server,
    properties,
  } = serializeAuditEvent(row, names, shown).attributes
  const cells = [
    timestamp,
    event,
    actor.name ?? actor.type,
    actor.id,
    impersonator?.name ?? impersonator?.id,
    key,
    ip,
    object.type,
    object.id,
    object.name ?? object.former_name,
    server?.identifier,
    Object.keys(properties).length > 0 ? JSON.stringify(properties) : '',
  ]
  return csvLine(cells)
}
