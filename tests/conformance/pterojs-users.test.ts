import {
  BaseManager,
  Dict,
  NodeLocationManager,
  PteroApp,
  RequestManager,
  User,
  UserBuilder,
  UserManager,
} from '@devnote-dev/pterojs'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { driverOf, membersOf } from './drive'
import { raiseApplication, type Application } from './pterojs-application'

let stage: Application['stage']
let app: PteroApp
beforeAll(async () => {
  ;({ stage, app } = await raiseApplication())
})
afterAll(() => stage.panel.wings.stop())

const classes = { PteroApp, BaseManager, Dict, UserManager, User, NodeLocationManager, RequestManager, UserBuilder }
const { drive, leavesNothingOut } = driverOf(classes)

const signature = () => stage.wire.last().signature
const sent = () => JSON.parse(stage.wire.last().body) as Record<string, unknown>

describe('users', () => {
  let user: User

  drive('UserManager.create', async () => {
    user = await app.users.create({
      username: 'Client.One',
      email: 'one@example.test',
      firstname: 'Client',
      lastname: 'One',
      externalId: 'billing-1',
      isAdmin: false,
    } as never)
    expect(user).toMatchObject({ username: 'client.one', externalId: 'billing-1', isAdmin: false, twoFactor: false })
    expect(stage.wire.last().status).toBe(201)
  })
  drive(membersOf(classes, 'UserBuilder'), async () => {
    const built = new UserBuilder()
      .setUsername('built')
      .setEmail('built@example.test')
      .setFirstname('Built')
      .setLastname('User')
      .setExternalId('billing-2')
      .setPassword('a long enough password')
      .setAdmin(false)
    const made = await app.users.create(built.build() as never)
    expect(made).toMatchObject({ username: 'built', externalId: 'billing-2' })
    expect(UserBuilder.fromUser(made).build()).toMatchObject({ username: 'built', externalId: 'billing-2' })
  })
  drive('UserManager.fetch', async () => {
    expect(await app.users.fetch(user.id, { force: true, include: ['servers'] } as never)).toBeInstanceOf(User)
    expect(signature()).toBe(`GET /api/application/users/${user.id}?include=servers`)
    expect((await app.users.fetch({ page: 1, perPage: 1000 })).size).toBeGreaterThan(3)
    expect(signature()).toBe('GET /api/application/users?page=1&per_page=100')
  })
  drive('UserManager.fetchExternal', async () => {
    expect(await app.users.fetchExternal('billing-1', { force: true } as never)).toMatchObject({ id: user.id })
    await expect(app.users.fetchExternal('nobody', { force: true } as never)).rejects.toMatchObject({
      codes: ['NotFoundHttpException'],
    })
  })
  drive('UserManager.fetchAll', async () => {
    expect((await app.users.fetchAll()).has(user.id)).toBe(true)
  })
  drive('BaseManager.getFetchAll', async () => {
    const all = await app.users.fetchAll({ perPage: 3 } as never)
    expect(all.size).toBe(app.users.meta.total)
  })
  drive('BaseManager.getQueryOptions', async () => {
    await expect(app.users.fetch({ include: ['secrets'] } as never)).rejects.toThrow('Invalid include argument')
  })
  drive('UserManager.query', async () => {
    const found = await app.users.query('client.one', { filter: 'username', sort: '-id' } as never)
    expect([...found.keys()]).toEqual([user.id])
    await app.users.query('billing-1', { filter: 'externalId' } as never)
    expect(signature()).toBe('GET /api/application/users?filter[external_id]=billing-1')
  })
  drive('UserManager.update', async () => {
    expect(await app.users.update(user.id, { firstname: 'Changed' } as never)).toMatchObject({ firstname: 'Changed' })
    expect(sent()).toMatchObject({ external_id: 'billing-1', root_admin: false })
  })
  drive('UserManager.resolve', async () => {
    expect(app.users.resolve(user.id)).toMatchObject({ username: 'client.one' })
  })
  drive('UserManager.adminURLFor', async () => {
    expect(app.users.adminURLFor(user.id)).toBe(`${stage.wire.url}/admin/users/view/${user.id}`)
  })
  drive('User.adminURL', () => {
    expect(user.adminURL).toBe(`${stage.wire.url}/admin/users/view/${user.id}`)
  })
  drive('UserManager.FILTERS', async () => {
    for (const filter of app.users.FILTERS) await app.users.query('x', { filter } as never)
  })
  drive('UserManager.SORTS', async () => {
    for (const sort of app.users.SORTS) expect((await app.users.query('', { sort } as never)).size).toBeGreaterThan(0)
  })
  drive('UserManager.INCLUDES', async () => {
    await app.users.fetch({ include: [...app.users.INCLUDES] } as never)
    expect(JSON.parse(stage.wire.last().reply).data[0].attributes.relationships).toHaveProperty(
      'servers.object',
      'list',
    )
  })
  drive('UserManager.delete', async () => {
    await app.users.delete(user.id)
    expect(stage.wire.last()).toMatchObject({ status: 204, reply: '' })
    await expect(app.users.delete(Number(stage.panel.owner.id))).rejects.toMatchObject({ codes: ['DisplayException'] })
  })
})

describe('locations', () => {
  let id: number

  drive('NodeLocationManager.create', async () => {
    const made = await app.locations.create('ber', 'Berlin')
    id = made.id
    expect(made).toMatchObject({ short: 'ber', long: 'Berlin' })
    expect(made.createdAt.getTime()).not.toBeNaN()
  })
  drive('NodeLocationManager.fetch', async () => {
    expect(await app.locations.fetch(id, { force: true, include: ['nodes', 'servers'] } as never)).toMatchObject({ id })
    expect((await app.locations.fetch()).has(id)).toBe(true)
  })
  drive('NodeLocationManager.fetchAll', async () => {
    expect((await app.locations.fetchAll({ perPage: 1 } as never)).size).toBe(app.locations.meta.total)
  })
  drive('NodeLocationManager.query', async () => {
    expect([...(await app.locations.query('ber', { filter: 'short' } as never)).keys()]).toEqual([id])
  })
  drive('NodeLocationManager.update', async () => {
    expect(await app.locations.update(id, { short: 'ber', long: 'Berlin, east' })).toMatchObject({
      long: 'Berlin, east',
    })
    await expect(app.locations.update(id, { long: 'Alone' })).rejects.toMatchObject({
      codes: ['ValidationException'],
      meta: [{ source_field: 'short', rule: 'required' }],
    })
  })
  drive('NodeLocationManager.resolve', () => {
    expect(app.locations.resolve('ber')).toBeDefined()
  })
  drive('NodeLocationManager.adminURLFor', () => {
    expect(app.locations.adminURLFor(id)).toBe(`${stage.wire.url}/admin/locations/view/${id}`)
  })
  drive('NodeLocationManager.FILTERS', async () => {
    for (const filter of app.locations.FILTERS) await app.locations.query('x', { filter } as never)
  })
  drive('NodeLocationManager.INCLUDES', async () => {
    await app.locations.fetch({ include: [...app.locations.INCLUDES] } as never)
    const [first] = JSON.parse(stage.wire.last().reply).data
    expect(Object.keys(first.attributes.relationships).sort()).toEqual(['nodes', 'servers'])
  })
  drive('NodeLocationManager.SORTS', async () => {
    await expect(app.locations.query('', { sort: 'id' } as never)).rejects.toThrow('Invalid sort argument')
  })
  drive('NodeLocationManager.delete', async () => {
    await app.locations.delete(id)
    expect(stage.wire.last()).toMatchObject({ status: 204, reply: '' })
    await expect(app.locations.delete(1)).rejects.toMatchObject({ codes: ['HasActiveNodesException'] })
  })
})

describe('what it hands over', () => {
  drive(membersOf(classes, 'Dict'), async () => {
    const users = (await app.users.fetch({ page: 1 })) as unknown as Dict<number, User>
    const [id, first] = [users.firstKey() as number, users.first() as User]
    expect(users.find((one) => one.id === id)).toBe(first)
    expect([users.some((one) => one === first), users.every((one) => one === first)]).toEqual([true, false])
    expect([users.hasAny(id, -1), users.hasAll(id, -1)]).toEqual([true, false])
    expect(users.has(users.lastKey() as number)).toBe(true)
    expect([users.last(), users.random()]).toEqual([expect.any(User), expect.any(User)])
    expect(users.has(users.randomKey() as number)).toBe(true)
    const [one = new Dict<number, User>(), others = new Dict<number, User>()] = users.part((each) => each === first)
    expect([one.size, one.join(others).size, users.difference(others).size]).toEqual([1, users.size, 1])
    expect(users.map((each) => each.id)).toEqual([...users.keys()])
    expect(users.filter((each) => each === first).size).toBe(1)
    // Its `reduce` hands on the value and not what was made of those before.
    expect(users.reduce(((one: User) => one.id) as never, 0 as never)).toBe(users.lastKey())
    const copy = users.clone()
    copy.update(one)
    expect(copy.sweep((each) => each === first)).toBe(1)
    copy.setLimit(copy.size)
    expect([copy.isLimited(), copy.limit]).toEqual([true, users.size - 1])
    expect(() => copy.set(id, first)).toThrow('reached its limit')
  })
})

describe('the client itself', () => {
  drive('PteroApp.ping', () => expect(app.ping).toBeGreaterThanOrEqual(0))
  drive('RequestManager.getHeaders', () => {
    expect(app.requests.getHeaders()).toMatchObject({ Accept: 'application/json, text/plain' })
  })
  drive('RequestManager.get', async () => {
    expect(await app.requests.get('/locations')).toMatchObject({ object: 'list', meta: { pagination: { links: {} } } })
    expect(stage.wire.last().headers).toMatchObject({ 'content-type': 'application/json' })
  })
  drive('RequestManager.post', async () => {
    expect(await app.requests.post('/locations', { short: 'raw' })).toMatchObject({
      object: 'location',
      meta: { resource: expect.stringMatching(/\/api\/application\/locations\/\d+$/) },
    })
  })
  drive('RequestManager.patch', async () => {
    expect(await app.requests.patch('/locations/1', { short: 'first', long: 'First' })).toMatchObject({
      attributes: { long: 'First' },
    })
  })
  drive('RequestManager.put', async () => {
    await expect(app.requests.put('/locations/1', {})).rejects.toMatchObject({
      codes: ['MethodNotAllowedHttpException'],
    })
  })
  drive('RequestManager.delete', async () => {
    await expect(app.requests.delete('/locations/999999')).rejects.toMatchObject({ codes: ['NotFoundHttpException'] })
  })
  drive('RequestManager.raw', async () => {
    expect(await app.requests.raw('GET', `${stage.wire.url}/api/application/locations/1`)).toMatchObject({
      object: 'location',
    })
  })
  drive(
    ['emit', 'on', 'once', 'off', 'debug', 'handleResponse'].map((name) => `RequestManager.${name}`),
    async () => {
      const heard: unknown[] = []
      const hear = (...told: unknown[]) => void heard.push(told)
      app.requests.on('debug', hear as never).once('postRequest', hear as never)
      await app.requests.get('/locations/1')
      app.requests.off('debug', hear as never)
      app.requests.emit('debug', 'unheard')
      expect(heard.length).toBeGreaterThan(2)
    },
  )
  drive('RequestManager.handleError', async () => {
    const stranger = new PteroApp(stage.wire.url, 'ptla_wrong')
    await expect(stranger.locations.fetch()).rejects.toMatchObject({
      codes: ['AuthenticationException'],
      message: '\n- 401: Unauthenticated.',
    })
  })
})

leavesNothingOut()
