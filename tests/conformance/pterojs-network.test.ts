import { NetworkManager, PteroClient, type ClientServer } from '@devnote-dev/pterojs'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { request } from '../support/api'
import { makeAllocation } from '../support/factories'
import { changeSettings } from '../support/settings'
import { driverOf } from './drive'
import { makeInstalledServer, raiseStage, type Stage } from './stage'

let stage: Stage
let one: ClientServer
let server: Awaited<ReturnType<typeof makeInstalledServer>>
let second: number
beforeAll(async () => {
  stage = await raiseStage()
  const client = new PteroClient(stage.wire.url, await stage.accountKeyOf(stage.panel.owner))
  const [first, other] = [await makeAllocation(stage.panel.nodeId), await makeAllocation(stage.panel.nodeId)]
  second = Number(other.id)
  server = await makeInstalledServer(stage, {
    allocation: { default: Number(first.id), additional: [second] },
    feature_limits: { databases: 0, backups: 0, allocations: 3 },
  })
  one = (await client.servers.fetch(server.identifier)) as ClientServer
})
afterAll(() => stage.panel.wings.stop())

const { drive, leavesNothingOut } = driverOf({ NetworkManager })

describe('the network of a server', () => {
  drive('NetworkManager.fetch', async () => {
    const all = await one.network.fetch()
    expect(all.size).toBe(2)
    expect(all.get(second)).toMatchObject({ isDefault: false, notes: null, port: expect.any(Number) })
  })
  drive('NetworkManager.setNote', async () => {
    await one.network.setNote(second, 'for voice')
    expect(stage.wire.last()).toMatchObject({
      signature: `POST /api/client/servers/${server.identifier}/network/allocations/${second}`,
      status: 200,
    })
    expect((await one.network.fetch()).get(second)).toMatchObject({ notes: 'for voice' })
  })
  drive('NetworkManager.setPrimary', async () => {
    await one.network.setPrimary(second)
    expect((await one.network.fetch()).get(second)).toMatchObject({ isDefault: true })
    await expect(one.network.unassign(second)).rejects.toMatchObject({ codes: ['DisplayException'] })
  })
  drive('NetworkManager.unassign', async () => {
    await changeSettings({ 'allocations.selfService': true })
    const { body } = await request(`POST /api/client/servers/${server.identifier}/network/allocations`, {
      as: stage.panel.callers.owner,
    })
    await one.network.unassign(body.attributes.id)
    expect(stage.wire.last()).toMatchObject({ status: 204, reply: '' })
    expect((await one.network.fetch()).size).toBe(2)
  })

  leavesNothingOut()
})
