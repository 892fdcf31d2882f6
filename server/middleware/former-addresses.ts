import { defineEventHandler, sendRedirect } from 'h3'
import { pathOf } from '#server/http/reply'

/** Where billing systems, bots and bookmarks look for our pages, and where these are. */
const MOVED: [from: RegExp, to: string][] = [
  [/^\/server\/([\w-]+)((?:\/.*)?)$/, '/servers/$1$2'],
  [/^\/admin\/nodes\/view\/(\d+)\/allocation\/?$/, '/admin/nodes/$1/allocations'],
  [/^\/admin\/(servers|nodes|users)\/view\/(\d+)((?:\/.*)?)$/, '/admin/$1/$2$3'],
  [/^\/admin\/nests\/egg\/(\d+)\/?$/, '/admin/eggs/$1'],
  [/^\/admin\/nests\/view\/\d+\/?$/, '/admin/nests'],
  [/^\/admin\/locations\/view\/\d+\/?$/, '/admin/locations'],
]

export default defineEventHandler((event) => {
  if (event.method !== 'GET' && event.method !== 'HEAD') return undefined
  const path = pathOf(event)
  const moved = MOVED.find(([from]) => from.test(path))
  return moved && sendRedirect(event, path.replace(...moved) + event.path.slice(path.length), 302)
})
