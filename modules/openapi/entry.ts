/// <reference types="vite/client" />
import type { EventHandler } from 'h3'
import type { Guard } from '#server/http/define-route'
import type { Endpoint } from '#shared/contracts/endpoint'
import { describeApi } from './describe-api'
import type { ServedRoute } from './served-route'

type RouteModule = { default: EventHandler & { endpoint?: Endpoint; access?: Guard<object> } }

const files = import.meta.glob<RouteModule>(['../../server/api/**/*.ts', '../../server/routes/**/*.ts'], {
  eager: true,
})
const contracts = import.meta.glob<Record<string, unknown>>(
  ['../../shared/contracts/**/*.ts', '../../server/contracts/**/*.ts'],
  { eager: true },
)

export const served: ServedRoute[] = Object.values(files).flatMap(({ default: { endpoint, access } }) =>
  endpoint ? [{ endpoint, admits: access?.admits, asks: access?.asks }] : [],
)

/** The document of the API as this source says it. */
export const documentOf = (version: string) => describeApi({ served, contracts, version })
