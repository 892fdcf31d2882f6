import { expect, it } from 'vitest'
import { request, signedInAs } from '../../support/api'
import { makeRootAdmin } from '../../support/factories'

it('says where a name of a node leads, that it leads into a private network, or that nobody knows it', async () => {
  const as = await signedInAs(await makeRootAdmin())
  const ask = (fqdn: string) => request(`GET /api/application/nodes/name?fqdn=${encodeURIComponent(fqdn)}`, { as })
  expect((await ask('localhost')).body).toMatchObject({ is_private: true })
  expect((await ask('198.51.100.7')).body).toEqual({ addresses: ['198.51.100.7'], is_private: false })
  expect((await ask('nowhere.invalid')).body).toEqual({ addresses: [], is_private: false })
  expect([(await ask('')).status, (await ask('x'.repeat(254))).status]).toEqual([422, 422])
})
