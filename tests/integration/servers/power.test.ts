import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ServerPermission } from '#shared/permissions'
import { request, signedInAs, type Caller } from '../../support/api'
import { makeNode, makeServer, makeSubuser, makeUser } from '../../support/factories'
import { startPlainNode } from '../../support/plain-nodes'

const RIGHTS = {
  start: 'control.start',
  stop: 'control.stop',
  kill: 'control.stop',
  restart: 'control.restart',
} as const
const SIGNALS = Object.keys(RIGHTS) as (keyof typeof RIGHTS)[]

let wings: Awaited<ReturnType<typeof startPlainNode>>
let owner: Caller
let path: string
let helperWith: (right: ServerPermission) => Promise<Caller>

beforeAll(async () => {
  wings = await startPlainNode((_, response) => void response.writeHead(202).end())
  const user = await makeUser()
  const server = await makeServer({ ownerId: user.id, nodeId: (await makeNode({ baseUrl: wings.baseUrl })).id })
  owner = await signedInAs(user)
  path = `POST /api/client/servers/${server.identifier}/power`
  helperWith = async (right) => {
    const helper = await makeUser()
    await makeSubuser(server.id, { userId: helper.id, permissions: [right] })
    return signedInAs(helper)
  }
})
afterAll(() => wings[Symbol.asyncDispose]())

describe('POST /api/client/servers/:server/power', () => {
  it.each([...new Set(Object.values(RIGHTS))])('%s opens its own signals, and no other', async (right) => {
    const as = await helperWith(right)
    for (const signal of SIGNALS) {
      const { status } = await request(path, { as, body: { signal } })
      expect([signal, status]).toEqual([signal, RIGHTS[signal] === right ? 204 : 403])
    }
  })

  it('says of a signal that does not exist to its owner what is wrong, and nothing to a helper', async () => {
    expect((await request(path, { as: owner, body: { signal: 'dance' } })).status).toBe(422)
    const as = await helperWith('control.start')
    for (const body of [{ signal: 'dance' }, { signal: 7 }, {}])
      expect((await request(path, { as, body })).status).toBe(403)
  })
})
