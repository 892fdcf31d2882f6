import { randomBytes } from 'node:crypto'
import {
  ApplicationDatabaseManager,
  ClientDatabaseManager,
  PteroApp,
  PteroClient,
  type ApplicationServer,
  type ClientServer,
} from '@devnote-dev/pterojs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { request, withKey } from '../support/api'
import { makeReachableHost } from './database-host'
import { driverOf } from './drive'
import { makeInstalledServer, raiseStage, type Stage } from './stage'

let stage: Stage
let client: ClientServer
let app: ApplicationServer
let server: Awaited<ReturnType<typeof makeInstalledServer>>
let host: number
let ownerKey: string
beforeAll(async () => {
  stage = await raiseStage()
  host = await makeReachableHost(stage.panel.nodeId)
  server = await makeInstalledServer(stage, { feature_limits: { databases: 3, backups: 0, allocations: 0 } })
  ownerKey = await stage.accountKeyOf(stage.panel.owner)
  client = (await new PteroClient(stage.wire.url, ownerKey).servers.fetch(server.identifier)) as ClientServer
  app = await new PteroApp(stage.wire.url, stage.application).servers.fetch(server.id)
})
afterAll(() => stage.panel.wings.stop())

const { drive, leavesNothingOut } = driverOf({ ClientDatabaseManager, ApplicationDatabaseManager })

/** The host is one for all tests that run at a time. */
const unique = () => `c${randomBytes(5).toString('hex')}`
const none = ['FILTERS', 'SORTS']
const reply = () => JSON.parse(stage.wire.last().reply)

describe('databases, to their owner', () => {
  let id: string
  const name = unique()

  drive('ClientDatabaseManager.create', async () => {
    const made = await client.databases.create(name, '%')
    id = String(made.id)
    expect(made).toMatchObject({
      name: `s${server.id}_${name}`,
      username: expect.stringMatching(new RegExp(`^u${server.id}_\\w{10}$`)),
      connectionsFrom: '%',
    })
    expect(stage.wire.last().status).toBe(200)
    expect(reply().attributes.relationships.password).toMatchObject({
      object: 'database_password',
      attributes: { password: expect.stringMatching(/^.{24}$/) },
    })
    await expect(client.databases.create(name, '%')).rejects.toMatchObject({
      codes: ['ValidationException'],
      meta: [{ source_field: 'database' }],
    })
  })
  drive('ClientDatabaseManager.fetch', async () => {
    expect((await client.databases.fetch({ include: ['password'] } as never)).has(id as never)).toBe(true)
    expect(stage.wire.last().signature).toBe(`GET /api/client/servers/${server.identifier}/databases?include=password`)
  })
  drive('ClientDatabaseManager.rotate', async () => {
    const before = (await request(`GET /api/client/servers/${server.identifier}/databases?include=password`, asOwner()))
      .body.data[0].attributes.relationships.password.attributes.password
    await client.databases.rotate(id as never)
    expect(reply().attributes.relationships.password.attributes.password).not.toBe(before)
  })
  drive(
    none.map((one) => `ClientDatabaseManager.${one}`),
    () => {
      expect([client.databases.FILTERS, client.databases.SORTS]).toEqual([[], []])
    },
  )
  drive('ClientDatabaseManager.INCLUDES', () => expect(client.databases.INCLUDES).toEqual(['password']))

  it('17: an id is a text of at least eight characters, and plain digits are taken as well', async () => {
    expect(id).toMatch(/^[A-Za-z0-9]{8,}$/)
    const { body } = await request(`GET /api/application/servers/${server.id}/databases`, asAdmin())
    const number = body.data[0].attributes.id
    const rotate = (one: string | number) =>
      request(`POST /api/client/servers/${server.identifier}/databases/${one}/rotate-password`, asOwner())
    expect((await rotate(number)).body.attributes.id).toBe(id)
    expect((await rotate('aBcD1234')).status).toBe(404)
  })

  it('18: within a server they are called by another name', async () => {
    const { body } = await request(`GET /api/application/servers/${server.id}?include=databases`, asAdmin())
    expect(body.attributes.relationships.databases).toMatchObject({
      object: 'list',
      data: [{ object: 'databases', attributes: { server: server.id, database: `s${server.id}_${name}` } }],
    })
  })

  drive('ClientDatabaseManager.delete', async () => {
    await client.databases.delete(id as never)
    expect(stage.wire.last()).toMatchObject({ status: 204, reply: '' })
  })
})

const asOwner = () => ({ as: withKey(ownerKey) })
const asAdmin = () => ({ as: withKey(stage.application) })

describe('databases, to applications', () => {
  let id: number
  const name = unique()

  drive('ApplicationDatabaseManager.create', async () => {
    const made = await app.databases.create(name, '%', host)
    id = made.id
    expect(made).toMatchObject({ server: server.id, host, database: `s${server.id}_${name}`, remote: '%' })
    expect(stage.wire.last().status).toBe(201)
    expect(reply().meta.resource).toMatch(new RegExp(`/api/application/servers/${server.id}/databases/${id}$`))
  })
  drive('ApplicationDatabaseManager.fetch', async () => {
    expect(await app.databases.fetch(id, { force: true, include: ['host', 'password'] } as never)).toMatchObject({ id })
    expect(reply().attributes.relationships).toMatchObject({
      host: { object: 'database_host', attributes: { id: host } },
      password: { object: 'database_password' },
    })
  })
  drive(
    'ApplicationDatabaseManager.fetch',
    async () => {
      expect(await app.databases.fetch()).toHaveProperty('size', 0)
      expect(reply().data).toMatchObject([{ object: 'server_database', attributes: { id } }])
    },
    'deviation, of a list it keeps nothing',
  )
  drive('ApplicationDatabaseManager.resetPasword', async () => {
    await app.databases.resetPasword(id)
    expect(stage.wire.last()).toMatchObject({ status: 204, reply: '' })
  })
  drive(
    none.map((one) => `ApplicationDatabaseManager.${one}`),
    () => {
      expect([app.databases.FILTERS, app.databases.SORTS]).toEqual([[], []])
    },
  )
  drive('ApplicationDatabaseManager.INCLUDES', () => expect(app.databases.INCLUDES).toEqual(['host', 'password']))
  drive('ApplicationDatabaseManager.delete', async () => {
    await app.databases.delete(id)
    expect(stage.wire.last()).toMatchObject({ status: 204, reply: '' })
  })

  it('what is to be included may be asked for when one is made, as Pterodactyl4J does', async () => {
    const made = await request(`POST /api/application/servers/${server.id}/databases?include=password,host`, {
      ...asAdmin(),
      body: { database: unique(), remote: '%', host },
    })
    expect(made.status).toBe(201)
    expect(Object.keys(made.body.attributes.relationships).sort()).toEqual(['host', 'password'])
    const path = `/api/application/servers/${server.id}/databases/${made.body.attributes.id}`
    expect((await request(`DELETE ${path}`, asAdmin())).status).toBe(204)
  })

  leavesNothingOut()
})
