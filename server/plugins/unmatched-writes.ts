import { defineNitroPlugin } from 'nitropack/runtime'
import { unmatched } from '#server/http/unmatched'
import { signIn } from '#shared/contracts/client/sign-in'

const WRITES = ['POST', 'PUT', 'PATCH', 'DELETE'] as const

/** A page is read: whoever writes to one would be answered with its HTML, and take that for a success. */
export default defineNitroPlugin(({ router }) => {
  const signIns: { method: string; path: string }[] = Object.values(signIn)
  const taken = new Set(signIns.map(({ method, path }) => `${method} ${path}`))
  // Where a page has the same address as a route, the router would remember the page for every verb.
  const paths = new Set(['/**', ...signIns.map(({ path }) => path)])

  for (const path of paths)
    for (const method of WRITES)
      if (!taken.has(`${method} ${path}`)) router.add(path, unmatched, method.toLowerCase() as Lowercase<typeof method>)
})
