import { PteroClient, Shard, WebSocketManager } from '@devnote-dev/pterojs'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { eventually } from '../support/panel-with-node'
import { driverOf } from './drive'
import { makeInstalledServer, raiseStage, type Stage } from './stage'

let stage: Stage
let client: PteroClient
let server: Awaited<ReturnType<typeof makeInstalledServer>>
let shard: Shard

beforeAll(async () => {
  stage = await raiseStage()
  client = new PteroClient(stage.wire.url, await stage.accountKeyOf(stage.panel.owner))
  server = await makeInstalledServer(stage)
})
afterAll(() => stage.panel.wings.stop())

const { drive, leavesNothingOut } = driverOf({ WebSocketManager, Shard })

const heard = (event: string) => new Promise<unknown>((resolve) => shard.once(event as never, resolve as never))

describe('the console of a server', () => {
  drive('WebSocketManager.createShard', () => {
    client.ws.useOrigin = true
    shard = client.ws.createShard(server.identifier)
    expect(client.ws.createShard(server.identifier)).toBe(shard)
  })
  drive('WebSocketManager.getAuth', async () => {
    expect(await client.ws.getAuth(server.identifier)).toMatchObject({
      data: { token: expect.any(String), socket: expect.stringMatching(/^ws:\/\/.+\/api\/servers\/.+\/ws$/) },
    })
  })
  drive(
    ['connect', 'onOpen', 'onMessage', 'send', 'debug', 'once', 'emit'].map((name) => `Shard.${name}`),
    async () => {
      // The node knows its panel by the Origin, which is the panel's own address.
      client.domain = stage.panel.wings.config.remote
      const isIn = heard('authSuccess')
      await shard.connect()
      await isIn
      expect(shard['status']).toBe(2)
    },
  )
  drive(['Shard.on', 'Shard.off', 'Shard.request'], async () => {
    const states: string[] = []
    const note = (state: string) => void states.push(state)
    shard.on('statusUpdate', note as never)
    await shard.request('setState', 'start')
    await eventually(
      async () => states,
      (all) => all.includes('running'),
    )
    await shard.request('sendStats')
    const echoed = heard('serverOutput')
    await shard.request('sendCommand', 'say hello')
    await echoed
    await shard.request('sendLogs')
    await shard.request('auth', (await client.ws.getAuth(server.identifier)).data.token)
    await expect(shard.request('nothing' as never)).rejects.toThrow('Invalid sendable websocket event')
    shard.off('statusUpdate', note as never)
  })
  drive('Shard.refresh', async () => {
    const isIn = heard('authSuccess')
    await shard['refresh']()
    await isIn
  })
  drive('WebSocketManager.broadcast', async () => {
    expect(await client.ws.broadcast('sendStats')).toHaveLength(1)
  })
  drive('WebSocketManager.ping', () => expect(client.ws.ping).toBeGreaterThanOrEqual(0))
  drive(['Shard.disconnect', 'Shard.onClose'], async () => {
    const isOut = heard('serverDisconnect')
    shard.disconnect()
    await isOut
    expect(shard['status']).toBe(0)
  })
  drive('Shard.onError', async () => {
    // A node that does not know the Origin refuses the upgrade.
    client.domain = 'https://elsewhere.example'
    const isOut = heard('serverDisconnect')
    await shard.connect()
    await isOut
  })
  drive(['WebSocketManager.deleteShard', 'WebSocketManager.destroy'], () => {
    expect(client.ws.deleteShard(server.identifier)).toBe(true)
    client.ws.destroy()
    expect(client.ws.active).toBe(false)
  })

  leavesNothingOut()
})
