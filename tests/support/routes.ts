import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createApp, createRouter, defineLazyEventHandler, toNodeListener, type EventHandler } from 'h3'
import type { Endpoint } from '#shared/contracts/endpoint'

type RouteModule = { default: EventHandler & { endpoint?: Endpoint } }

/** Every route file, as Nitro would find it. */
export const routeFiles = import.meta.glob<RouteModule>(['../../server/api/**/*.ts', '../../server/routes/**/*.ts'])

const middleware = import.meta.glob<{ default: EventHandler }>('../../server/middleware/*.ts')

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const

/** `../../server/api/client/servers/[server]/index.get.ts` → `GET /api/client/servers/:server`; no method: all of them. */
export function signatureOf(file: string): { method: string | undefined; path: string } {
  const [, root, rest = ''] = /server\/(api|routes)\/(.*)\.ts$/.exec(file) ?? []
  const method = METHODS.find((name) => rest.endsWith(`.${name}`))
  const bare = method ? rest.slice(0, -method.length - 1) : rest
  const path = bare
    .replace(/(^|\/)index$/, '')
    .replace(/\[\.\.\.(\w*)\]/g, '**')
    .replace(/\[(\w+)\]/g, ':$1')
  return { method: method?.toUpperCase(), path: `${root === 'api' ? '/api' : ''}/${path}`.replace(/\/$/, '') }
}

let server: Promise<Server> | undefined

async function mount(): Promise<Server> {
  const router = createRouter()
  const files = Object.entries(routeFiles).sort(([a], [b]) => Number(a.includes('[...')) - Number(b.includes('[...')))
  for (const [file, load] of files) {
    const { method, path } = signatureOf(file)
    // A test pays for the routes that it calls.
    const handler = defineLazyEventHandler(async () => (await load()).default)
    if (method) router.add(path, handler, method.toLowerCase() as 'get')
    else router.use(path, handler)
  }
  const app = createApp()
  for (const load of Object.values(middleware)) app.use(defineLazyEventHandler(async () => (await load()).default))
  app.use(router)
  const listening = createServer(toNodeListener(app))
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  listening.unref()
  return listening
}

/** The address under which this test file's routes answer. They run from their files, without a build. */
export async function routesUrl(): Promise<string> {
  server ??= mount()
  const { port } = (await server).address() as AddressInfo
  return `http://127.0.0.1:${port}`
}
