import type { Person } from '#server/auth/actor'
import { onTopic } from '#server/events/listen'
import { isAdministrator, mayAdminister, reachesNode } from '#server/policies/administration-policy'
import type { BrowserHints } from '#shared/contracts/client/events'
import { uuidOfServer, visibleServers } from './visible-servers'

interface Hearer {
  send: <Name extends keyof BrowserHints>(name: Name, data: BrowserHints[Name]) => void
  /** His rights changed: what he may hear must be asked anew. */
  end: () => void
}

const REFRESH_MS = 60_000

/** Lets one browser hear what concerns it. Which servers those are is asked again each minute. */
export async function openHints(actor: Person, { send, end }: Hearer): Promise<() => void> {
  let visible = await visibleServers(actor)
  const refresh = setInterval(() => {
    visibleServers(actor).then((next) => (visible = next), end)
  }, REFRESH_MS)

  const stops = [
    onTopic('server', ({ serverId, what }) => {
      if (visible) {
        const server = visible.get(serverId)
        if (server) send('server', { server, what })
        return
      }
      uuidOfServer(serverId).then((server) => server && send('server', { server, what }), end)
    }),
    onTopic('node', ({ nodeId, what }) => {
      if (mayAdminister(actor, 'nodes', 'read') && reachesNode(actor, nodeId)) send('node', { node: nodeId, what })
    }),
    onTopic('administration', ({ what }) => {
      if (isAdministrator(actor)) send('administration', { what })
    }),
    onTopic('account', ({ userId, what }) => {
      if (userId === actor.userId) send('account', { what })
    }),
    onTopic('settings', () => send('panel', {})),
    onTopic('announcements', () => send('announcements', {})),
    onTopic('access', ({ userId }) => {
      if (userId !== actor.userId) return
      send('access', {})
      end()
    }),
  ]

  return () => {
    clearInterval(refresh)
    for (const stop of stops) stop()
  }
}
