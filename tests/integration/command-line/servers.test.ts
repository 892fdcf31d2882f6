import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { auditEvents, users } from '#server/database/schema'
import disableTwoFactor from '../../../bin/commands/disable-2fa.ts'
import power from '../../../bin/commands/power.ts'
import { runHere } from '../../support/command'
import { makeNode, makeServer, makeTwoFactor, makeUser } from '../../support/factories'
import { startPlainNode } from '../../support/plain-nodes'

describe('xyra power', () => {
  it('gives a signal to those that were named, or to all of a node, and says which did not take it', async () => {
    await using wings = await startPlainNode((_, response) => response.writeHead(204).end())
    const node = await makeNode({ name: 'loud', baseUrl: wings.baseUrl })
    const [one, other] = [await makeServer({ nodeId: node.id }), await makeServer({ nodeId: node.id })]

    const named = await runHere(power, '--signal', 'stop', '--servers', `${one.identifier},${other.uuid}`, '--json')
    expect([named.code, JSON.parse(named.stdout)]).toEqual([
      0,
      [one, other].map(({ identifier }) => ({ identifier, ok: true, failure: null })),
    ])
    expect(wings.asked.toSorted()).toEqual([one, other].map(({ uuid }) => `POST /api/servers/${uuid}/power`).toSorted())
    const [written] = await useDrizzle().select().from(auditEvents).where(eq(auditEvents.serverId, one.id))
    expect(written).toMatchObject({ action: 'server:power.stop', actorType: 'system' })

    const suspended = await makeServer({ nodeId: node.id, suspended: true, name: 'Held' })
    const all = await runHere(power, '--signal', 'kill', '--node', 'loud')
    expect(all.code).toBe(1)
    expect(all.stdout).toMatch(new RegExp(`^2 of 3 took the signal\\.\\n${suspended.identifier}\\tHeld\\t.*suspended`))
  })

  it('sends nothing when it was called wrongly', async () => {
    await using wings = await startPlainNode((_, response) => response.writeHead(204).end())
    const { identifier } = await makeServer({ nodeId: (await makeNode({ baseUrl: wings.baseUrl })).id })
    const tries: [string[], number, RegExp][] = [
      [['--signal', 'stop'], 2, /Name --servers, or a --node, or --all/],
      [['--signal', 'stop', '--all', '--servers', identifier ?? ''], 2, /Name --servers/],
      [['--signal', 'explode', '--all'], 2, /signal/],
      [['--all'], 2, /Missing required argument: --signal/],
      [['--signal', 'stop', '--all', 'please'], 2, /more than this command takes: please/],
      [['--signal', 'stop', '--servers', `${identifier},nowhere1`], 1, /There is no server nowhere1\./],
    ]
    for (const [rawArgs, code, sentence] of tries) {
      const { code: ended, stderr } = await runHere(power, ...rawArgs)
      expect([ended, stderr]).toEqual([code, expect.stringMatching(sentence)])
    }
    expect(wings.asked).toEqual([])
  })
})

describe('xyra disable-2fa', () => {
  it('turns the second factor off, and says when there is none', async () => {
    const user = await makeUser({ useTotp: true })
    await makeTwoFactor(user.id)

    const first = await runHere(disableTwoFactor, '--user', user.username, '--json')
    expect([first.code, JSON.parse(first.stdout)]).toEqual([0, { username: user.username, changed: true }])
    const [after] = await useDrizzle().select().from(users).where(eq(users.id, user.id))
    expect(after?.useTotp).toBe(false)
    const again = await runHere(disableTwoFactor, '--user', user.email)
    expect(again.stdout).toBe(`${user.username} has no second factor.`)
  })
})
