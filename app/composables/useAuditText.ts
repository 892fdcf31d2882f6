import type { RouteLocationRaw } from 'vue-router'
import type { AuditEvent } from '#shared/contracts/application/audit'
import type { ActivityLog } from '#shared/contracts/client/activity'

/** Under which a name may stand in what was before. */
const NAMES = ['name', 'username', 'short', 'identifier', 'variable'] as const

/** An event of the audit, as the sentences of every log read it, and what it was done to. */
export function useAuditText() {
  const router = useRouter()

  const toLog = (event: AuditEvent): ActivityLog => ({
    id: event.id,
    batch: event.batch,
    event: event.event,
    is_api: event.api_key !== null,
    ip: event.ip,
    description: null,
    properties: event.properties,
    has_additional_metadata: true,
    timestamp: event.timestamp,
    relationships: {
      origin: {
        kind: event.actor.type,
        name: event.actor.name,
        avatar: null,
        impersonator: event.impersonator?.name ?? null,
        key: event.api_key,
      },
    },
  })

  /** By the best name there is: its own of today, or one that it had. Undefined where there is none. */
  function objectOf({ object, properties, server }: AuditEvent): string | undefined {
    const before = properties.before as Record<string, unknown> | null | undefined
    const had = typeof before === 'object' ? NAMES.map((key) => before?.[key]) : []
    const name = object.name ?? object.former_name ?? had.find((one) => typeof one === 'string') ?? server?.name
    return typeof name === 'string' ? name : undefined
  }

  const PAGES: Record<string, (id: string) => string> = {
    user: (id) => `/admin/users/${id}`,
    node: (id) => `/admin/nodes/${id}`,
    server: (id) => `/admin/servers/${id}`,
    egg: (id) => `/admin/eggs/${id}`,
  }

  /** Where it is kept, while it is there. */
  function pageOf({ object }: AuditEvent): RouteLocationRaw | undefined {
    const page = object.id !== null && object.name !== null ? PAGES[object.type]?.(object.id) : undefined
    return page && router.resolve(page).matched.length > 0 ? page : undefined
  }

  return { toLog, objectOf, pageOf }
}
