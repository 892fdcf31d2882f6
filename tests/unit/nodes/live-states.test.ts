import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import { createLiveStates } from '#server/services/nodes/live-states'
import { printedServer, startHungNode, startPlainNode } from '../../support/plain-nodes'

const uuid = '8f0f7e5c-0000-4000-8000-000000000001'
const times = { freshMs: 100, waitMs: 150, keepMs: 400 }
const addressOf = ({ baseUrl }: { baseUrl: string }) => ({
  id: randomUUID(),
  baseUrl,
  apiToken: 'secret',
  allowInsecure: false,
})

beforeEach(() => {
  process.env.DATABASE_URL ||= 'postgres://nobody@127.0.0.1:1/none'
  process.env.APP_SECRET ||= 'only for tests, only for tests, only for tests'
})

async function took(act: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await act()
  return performance.now() - began
}

describe('live states', () => {
  it('ask a node once for all who look on, and again when the answer is old', async () => {
    await using wings = await startPlainNode((_, response) => void response.end(JSON.stringify([printedServer(uuid)])))
    const [node, states] = [addressOf(wings), createLiveStates(times)]

    const answers = await Promise.all(Array.from({ length: 50 }, () => states.of(node)))
    expect(answers.every((servers) => servers?.get(uuid)?.state === 'running')).toBe(true)
    await states.of(node)
    expect(wings.asked).toEqual(['GET /api/servers'])
    expect(states.lastSeen(node.id, uuid)).toMatchObject({ server: { memoryBytes: 1024 } })

    await sleep(times.freshMs + 10)
    await Promise.all([states.of(node), states.of(node)])
    expect(wings.asked).toHaveLength(2)
  })

  it('are waited for no longer than agreed, counted from the question, and after that by nobody', async () => {
    await using hung = await startHungNode()
    const [node, states] = [addressOf(hung), createLiveStates(times)]

    expect(await took(() => Promise.all([states.of(node), states.of(node)]))).toBeLessThan(times.waitMs + 60)
    expect(await took(() => states.of(node))).toBeLessThan(20)
    expect(hung.connections.size).toBe(1)
    expect(await states.of(node)).toBeNull()
  })

  it('are not waited for again after a question that came to nothing, until one is answered', async () => {
    let isDead = true
    let isSlow = true
    await using wings = await startPlainNode((_, response) => {
      if (isDead) return void response.destroy()
      setTimeout(() => response.end(JSON.stringify([printedServer(uuid)])), isSlow ? 50 : 0)
    })
    const [node, states] = [addressOf(wings), createLiveStates(times)]
    expect(await states.of(node)).toBeNull()

    isDead = false
    await sleep(times.freshMs)
    expect(await took(async () => expect(await states.of(node)).toBeNull())).toBeLessThan(20)
    await sleep(80)
    expect((await states.of(node))?.size).toBe(1)

    isSlow = false
    await sleep(times.freshMs)
    expect((await states.of(node))?.size).toBe(1)
  })

  it('outlive a short silence, and no long one', async () => {
    let isDead = false
    await using wings = await startPlainNode(
      (_, response) => void (isDead ? response.destroy() : response.end(JSON.stringify([printedServer(uuid)]))),
    )
    const [node, states] = [addressOf(wings), createLiveStates(times)]
    await states.of(node)

    isDead = true
    await sleep(times.freshMs + 10)
    expect((await states.of(node))?.size).toBe(1)
    await sleep(times.keepMs)
    expect(await states.of(node)).toBeNull()
  })

  it('are asked for anew by who acts upon them', async () => {
    await using wings = await startPlainNode((_, response) => void response.end(JSON.stringify([printedServer(uuid)])))
    const [node, states] = [addressOf(wings), createLiveStates(times)]
    for (const youngerThanMs of [undefined, undefined, 0]) await states.now(node, youngerThanMs)
    expect(wings.asked).toHaveLength(2)
  })

  it('come from each node by itself', async () => {
    await using hung = await startHungNode()
    await using wings = await startPlainNode((_, response) => void response.end('[]'))
    const states = createLiveStates(times)
    const [silent, alive] = [addressOf(hung), addressOf(wings)]
    void states.of(silent)

    expect(await took(async () => expect(await states.of(alive)).toEqual(new Map()))).toBeLessThan(100)
  })
})
