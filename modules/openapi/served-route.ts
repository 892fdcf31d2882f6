import type { Admission, AskedRight } from '#server/http/define-route'
import type { Endpoint } from '#shared/contracts/endpoint'
import { KEY_RESOURCES, type AdminResource } from '#shared/permissions'

/** A route as its file exports it, as far as a reader of the API is concerned. */
export interface ServedRoute {
  endpoint: Endpoint
  admits?: Admission | undefined
  asks?: AskedRight | undefined
}

/** Who may call it, as the readable page says it. */
export interface Access {
  who: Admission['who']
  /** Of the server; of several the request decides which it takes. None: any tie to the server. */
  permissions?: readonly string[]
  /** Of the administration; of several, any one opens. */
  rights?: readonly string[]
  keys: ('session' | 'account' | 'application' | 'deploy' | 'node')[]
}

export function accessOf({ admits, asks }: ServedRoute): Access {
  if (!admits) return { who: 'anyone', keys: [] }
  if (admits.who === 'anyone') return { who: 'anyone', keys: [] }
  if (admits.who === 'node') return { who: 'node', keys: ['node'] }
  if (admits.who === 'person')
    return { who: 'person', keys: admits.isBrowserOnly ? ['session'] : ['session', 'account'] }
  if (admits.who === 'server') return { who: 'server', permissions: admits.permissions, keys: ['session', 'account'] }

  const rights = asks?.resources.map((resource) => `${resource}:${asks.level}`) ?? []
  const isCarriable = asks?.resources.some((resource) => (KEY_RESOURCES as AdminResource[]).includes(resource)) ?? false
  return {
    who: 'administrator',
    rights,
    keys: [
      'session',
      ...(admits.isBrowserOnly ? [] : (['account'] as const)),
      ...(isCarriable && !admits.isBrowserOnly ? (['application'] as const) : []),
      ...(admits.takesDeployKeys ? (['deploy'] as const) : []),
    ],
  }
}
