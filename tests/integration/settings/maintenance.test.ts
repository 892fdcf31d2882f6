import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { UserRow } from '#server/database/schema'
import { asNode, request, signedInAs, withKey, type Caller } from '../../support/api'
import {
  makeAdministrator,
  makeApiKey,
  makeCredential,
  makeNode,
  makeRootAdmin,
  makeServer,
  makeUser,
} from '../../support/factories'
import { changeSettings } from '../../support/settings'

let [root, limited, player, playersKey, node] = [] as unknown as Caller[]
let playerUser: UserRow
let rootUser: UserRow
let server = ''
beforeAll(async () => {
  rootUser = await makeRootAdmin({ username: 'marta' })
  playerUser = await makeUser()
  const host = await makeNode()
  server = (await makeServer({ ownerId: playerUser.id, nodeId: host.id })).uuid
  root = await signedInAs(rootUser)
  limited = await signedInAs(await makeAdministrator({ nodes: 1 }))
  player = await signedInAs(playerUser)
  playersKey = withKey((await makeApiKey(playerUser.id)).token)
  node = asNode(host)
  await makeCredential(rootUser.id, 'long enough 9')
})
afterEach(() => changeSettings({ 'maintenance.isOn': false, 'maintenance.text': '' }))

const shut = (text = 'Back at noon.') =>
  request('PATCH /api/application/settings', { as: root, body: { maintenance: { is_on: true, text } } })

describe('maintenance', () => {
  it('answers everybody but administrators with 503, and when to ask again', async () => {
    expect((await request('GET /api/client', { as: player })).status).toBe(200)
    expect((await shut()).status).toBe(200)
    for (const [signature, as] of [
      ['GET /api/client', player],
      ['GET /api/client', playersKey],
      [`GET /api/client/servers/${server}`, player],
      [`POST /api/client/servers/${server}/power`, player],
      ['GET /api/client/account', player],
      ['GET /api/client/events', player],
    ] as const) {
      const { status, headers, body } = await request(signature, {
        as,
        ...(signature.startsWith('POST') && { body: {} }),
      })
      expect([signature, status, headers.get('retry-after')]).toEqual([signature, 503, '60'])
      expect(body.errors[0]).toMatchObject({ code: 'HttpException', status: '503', detail: 'Service Unavailable' })
    }
    for (const as of [root, limited]) expect((await request('GET /api/client', { as })).status).toBe(200)
    expect((await request('GET /api/client', { as: { headers: {} } })).status).toBe(401)
  })

  it('leaves nodes, the health check and the sign-in of administrators alone', async () => {
    await shut()
    expect((await request('GET /api/remote/servers', { as: node })).status).toBe(200)
    expect((await request(`GET /api/remote/servers/${server}`, { as: node })).status).toBe(200)
    expect((await request('GET /api/health')).status).toBe(200)
    const signIn = await request('POST /auth/login', { body: { user: 'marta', password: 'long enough 9' } })
    expect([signIn.status, signIn.body.data.complete]).toEqual([200, true])
  })

  it('is not in the way of an administrator who acts as somebody else', async () => {
    await shut()
    const acting = await signedInAs(playerUser, { impersonatedBy: rootUser.id })
    expect((await request('GET /api/client', { as: acting })).status).toBe(200)
  })

  it('says what the administrator wrote to whoever asks who he is', async () => {
    await shut('Disks are <b>replaced</b>.')
    const { body } = await request('GET /api/client/session', { as: player })
    expect(body.panel.maintenance).toEqual({ text: 'Disks are <b>replaced</b>.' })
    await changeSettings({ 'maintenance.isOn': false })
    expect((await request('GET /api/client/session', { as: player })).body.panel.maintenance).toBeNull()
    expect((await request('GET /api/client', { as: player })).status).toBe(200)
  })
})
