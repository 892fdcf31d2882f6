import { signedInAs } from '../../support/api'
import { makeEgg, makeNest, makeRootAdmin } from '../../support/factories'
import { makeKey } from '../../support/world'

export const API = '/api/application'

/** Who reads and writes everything, who reads with a key, and who writes with one. */
export async function callers() {
  const user = await makeRootAdmin()
  return {
    root: await signedInAs(user),
    reader: await makeKey(user, { nests: 1, eggs: 1 }),
    writer: await makeKey(user, { nests: 3, eggs: 3 }),
  }
}

export async function arrange() {
  const nest = await makeNest()
  const egg = await makeEgg({ nestId: nest.id })
  return { nest, egg, path: `${API}/nests/${nest.id}/eggs/${egg.id}` }
}

export const refusals = (body: { errors: { meta: { source_field: string; rule: string } }[] }) =>
  body.errors.map(({ meta }) => `${meta.source_field} ${meta.rule}`)
