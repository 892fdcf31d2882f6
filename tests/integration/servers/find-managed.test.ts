import { beforeAll, describe, expect, it } from 'vitest'
import { request, signedInAs } from '../../support/api'
import { makeAllocation, makeServer, makeUser } from '../../support/factories'

interface Named {
  attributes: { name: string }
}

describe('GET /api/application/servers', () => {
  let find: (query: string) => Promise<string[]>

  beforeAll(async () => {
    const as = await signedInAs(await makeUser({ role: 'admin', rootAdmin: true }))
    const marta = await makeUser({ username: 'marta', email: 'post@kestrel.example' })
    const { id, nodeId } = await makeServer({ name: 'Survival', ownerId: marta.id })
    await makeAllocation(nodeId, { serverId: id, ip: '198.51.100.24', port: 25_565, ipAlias: 'play.survival.example' })
    await makeAllocation(nodeId, { serverId: id, ip: '2001:db8::24', port: 27_015 })
    await makeServer({
      name: 'Lobby',
      uuid: '8f0f7e5c-0000-4000-8000-000000000000',
      identifier: '8f0f7e5c',
      status: 'installing',
    })
    await makeServer({ name: 'Arena', status: 'suspended', suspended: true })
    find = async (query) => {
      const { body } = await request(`GET /api/application/servers?sort=name&${query}`, { as })
      return (body.data as Named[]).map(({ attributes }) => attributes.name)
    }
  })

  it.each([
    ['a part of the name', 'surv', ['Survival']],
    ['the beginning of the id', '8f0f', ['Lobby']],
    ['the owner’s name', 'MART', ['Survival']],
    ['the owner’s address', 'kestrel.ex', ['Survival']],
    ['a part of the alias', 'play.surv', ['Survival']],
    ['alias and port', 'play.survival.example:25565', ['Survival']],
    ['another port of that alias', 'play.survival.example:25566', []],
    ['address and port', '198.51.100.24:25565', ['Survival']],
    ['the beginning of an address', '198.51.100', ['Survival']],
    ['a port', ':27015', ['Survival']],
    ['an address of IPv6', '2001:db8::24', ['Survival']],
    ['that and its port', '[2001:db8::24]:27015', ['Survival']],
    ['what would match anything', '%', []],
    ['nothing it knows', 'zzz', []],
  ])('finds by %s', async (_, text, names) => {
    expect(await find(`filter[*]=${encodeURIComponent(text)}`)).toEqual(names)
  })

  it('takes several states, those without one among them', async () => {
    expect(await find('filter[status]=normal')).toEqual(['Survival'])
    expect(await find('filter[status]=normal,suspended')).toEqual(['Arena', 'Survival'])
    expect(await find('filter[status]=installing')).toEqual(['Lobby'])
  })
})
