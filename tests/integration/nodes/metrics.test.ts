import { randomUUID } from 'node:crypto'
import { and, asc, eq, sql } from 'drizzle-orm'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { useDrizzle } from '#server/database/client'
import { nodeSystem } from '#server/database/json'
import { nodeMetrics, wingsNodes, type WingsNodeRow } from '#server/database/schema'
import { onTopic, startListening } from '#server/events/listen'
import { notify } from '#server/events/notify'
import { createSampler } from '#server/services/nodes/metrics/sampler'
import type { NodeMetrics } from '#shared/contracts/application/node-metrics'
import { request, signedInAs, type Caller } from '../../support/api'
import { makeAdministrator, makeNode, makeRootAdmin } from '../../support/factories'
import { printedServer, startHungNode, startPlainNode } from '../../support/plain-nodes'

/** The beginning of a half hour, and so of every step. */
const START = Math.floor(Date.now() / 1000 / 1800) * 1800
const [STEP, SLOTS] = [10, 360]

let root: Caller
const samplers: ReturnType<typeof createSampler>[] = []
const newSampler = () => {
  const one = createSampler()
  samplers.push(one)
  return one
}
beforeAll(async () => void (root = await signedInAs(await makeRootAdmin())))
afterEach(async () => {
  vi.useRealTimers()
  for (const one of samplers.splice(0)) one.stop()
  await useDrizzle().delete(wingsNodes)
})

/** Answers with one server whose values the test changes. */
async function playing() {
  const now: Record<'cpu' | 'memory' | 'received' | 'sent', unknown> & { isBroken: boolean } = {
    cpu: 10,
    memory: 1000,
    received: 0,
    sent: 0,
    isBroken: false,
  }
  const uuid = randomUUID()
  const machine = await startPlainNode((asked, response) => {
    response.setHeader('content-type', 'application/json')
    response.statusCode = now.isBroken ? 500 : asked.url?.startsWith('/api/servers') ? 200 : 404
    const server = printedServer(uuid, { memoryBytes: now.memory as number })
    Object.assign(server.utilization, {
      cpu_absolute: now.cpu,
      network: { rx_bytes: now.received, tx_bytes: now.sent },
    })
    response.end(JSON.stringify(response.statusCode === 200 ? [server] : { error: 'no' }))
  })
  return Object.assign(machine, { now })
}
const seenNode = (baseUrl: string, more: Partial<WingsNodeRow> = {}) =>
  makeNode({ baseUrl, lastSeenAt: new Date().toISOString(), flavour: 'pterodactyl', ...more })

/** As if the clock stood there. Only the date: sockets go on by the real one. */
async function sampleAt(second: number, ...by: ReturnType<typeof createSampler>[]) {
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(second * 1000)
  await Promise.all(by.map((one) => one.sample(second)))
}
const rowsOf = (node: WingsNodeRow, resolution = STEP) =>
  useDrizzle()
    .select()
    .from(nodeMetrics)
    .where(and(eq(nodeMetrics.nodeId, node.id), eq(nodeMetrics.resolution, resolution)))
    .orderBy(asc(nodeMetrics.bucketAt))
async function read(node: WingsNodeRow, window = '1h', as = root) {
  const { status, body } = await request(`GET /api/application/nodes/${node.id}/metrics?window=${window}`, { as })
  return { status, metrics: body.attributes as NodeMetrics }
}

describe('what a node uses', () => {
  it('is sampled every ten seconds into three rings, with mean and maximum', async () => {
    await using machine = await playing()
    const node = await seenNode(machine.baseUrl)
    const sampler = newSampler()
    await sampleAt(START, sampler)
    Object.assign(machine.now, { cpu: 30, memory: 3000, received: 5000, sent: 100 })
    await sampleAt(START + STEP, sampler)

    expect(await rowsOf(node)).toMatchObject([
      { cpuMean: 10, cpuMax: 10, memoryMean: 1000, receivedPerSecond: null, runningServers: 1, diskBytes: 2048 },
      { cpuMean: 30, cpuMax: 30, memoryMean: 3000, receivedPerSecond: 500, sentPerSecond: 10, samples: 1 },
    ])
    expect(await rowsOf(node, 300)).toMatchObject([
      { cpuMean: 20, cpuMax: 30, memoryMean: 2000, memoryMax: 3000, receivedPerSecond: 500, samples: 2 },
    ])
    expect(await rowsOf(node, 1800)).toMatchObject([{ samples: 2, cpuMax: 30 }])

    const { metrics } = await read(node)
    expect(metrics).toMatchObject({ window: '1h', step_seconds: 10, measured: 'servers', maintenance: [] })
    expect([metrics.times.length, metrics.times.at(-1)]).toEqual([SLOTS, START + STEP])
    expect(metrics.cpu.slice(-3)).toEqual([null, 10, 30])
    expect(metrics.received.slice(-2)).toEqual([null, 500])
    const day = (await read(node, '24h')).metrics
    expect([day.times.length, day.cpu.at(-1), day.cpu_max.at(-1)]).toEqual([288, 20, 30])
    expect((await read(node, '7d')).metrics.times).toHaveLength(336)
  })

  it('comes round: an hour later a slot is written over, and what was not is a gap', async () => {
    await using machine = await playing()
    const node = await seenNode(machine.baseUrl)
    const sampler = newSampler()
    await sampleAt(START - SLOTS * STEP, sampler)
    await sampleAt(START - SLOTS * STEP + STEP, sampler)
    machine.now.cpu = 70
    await sampleAt(START, sampler)
    const rows = await rowsOf(node)
    expect(rows.map(({ cpuMean, samples }) => [cpuMean, samples])).toEqual([
      [10, 1],
      [70, 1],
    ])
    // One slot of each: the older row lies in the ring still, and is no part of the hour.
    expect((await read(node)).metrics.cpu.filter((value) => value !== null)).toEqual([10, 70])
    vi.setSystemTime((START + 3 * STEP) * 1000)
    const later = (await read(node)).metrics
    expect(later.cpu.filter((value) => value !== null)).toEqual([70])
    expect(later.cpu.at(-1)).toBeNull()
  })

  it('is a gap while the node does not answer, never nothing; a counter that began anew is no negative rate', async () => {
    await using machine = await playing()
    const node = await seenNode(machine.baseUrl)
    const sampler = newSampler()
    machine.now.received = 9000
    await sampleAt(START, sampler)
    machine.now.received = 100
    await sampleAt(START + STEP, sampler)
    machine.now.isBroken = true
    await sampleAt(START + 2 * STEP, sampler)
    machine.now.isBroken = false
    await sampleAt(START + 3 * STEP, sampler)
    const { metrics } = await read(node)
    expect(metrics.cpu.slice(-4)).toEqual([10, 10, null, 10])
    expect(metrics.received.slice(-4)).toEqual([null, 0, null, null])
  })

  it.each([
    ['cpu', -5, 0],
    ['cpu', 1e300, null],
    ['cpu', 'NaN', 0],
    ['memory', 1e30, null],
    ['memory', -1, 10],
  ] as const)('%s that a node says is %s: %s', async (name, said, expected) => {
    await using machine = await playing()
    await using sound = await playing()
    const [odd, node] = [await seenNode(machine.baseUrl), await seenNode(sound.baseUrl)]
    const sampler = newSampler()
    Object.assign(machine.now, { [name]: said })
    for (const second of [START, START + 1]) await sampleAt(second, sampler)
    expect((await rowsOf(odd)).map(({ cpuMean }) => cpuMean)).toEqual(expected === null ? [] : [expected])
    expect(await rowsOf(node)).toHaveLength(1)
    // What could not be is no end of sampling.
    expect(sampler.isLeading()).toBe(true)
  })

  it('is a rate only where the counters can be', async () => {
    await using machine = await playing()
    const node = await seenNode(machine.baseUrl)
    const sampler = newSampler()
    await sampleAt(START, sampler)
    Object.assign(machine.now, { received: 1e300, sent: 100 })
    await sampleAt(START + STEP, sampler)
    expect((await rowsOf(node)).map(({ receivedPerSecond, cpuMean }) => [receivedPerSecond, cpuMean])).toEqual([
      [null, 10],
      [null, 10],
    ])
  })

  it('is that of the machine where Pelican says it, and a gap where it fails to', async () => {
    const uuid = randomUUID()
    let answer: object | undefined = {
      memory_used: 5000,
      memory_total: 9000,
      disk_used: 7000,
      disk_total: 9000,
      cpu_percent: 50,
    }
    await using machine = await startPlainNode((asked, response) => {
      response.setHeader('content-type', 'application/json')
      if (asked.url !== '/api/system/utilization') return response.end(JSON.stringify([printedServer(uuid)]))
      response.statusCode = answer ? 200 : 500
      response.end(JSON.stringify(answer ?? {}))
    })
    const system = z.encode(nodeSystem, {
      version: '1.0.0',
      architecture: 'amd64',
      cpuThreads: 8,
      memoryBytes: 9000,
      kernelVersion: '6',
      os: 'Debian',
      osType: 'linux',
      dockerVersion: null,
    })
    const node = await seenNode(machine.baseUrl, { flavour: 'pelican', system })
    const sampler = newSampler()
    await sampleAt(START, sampler)
    for (const [index, said] of [undefined, { cpu_percent: 50 }].entries()) {
      answer = said
      await sampleAt(START + STEP * (index + 1), sampler)
    }
    expect(await rowsOf(node)).toMatchObject([{ cpuMean: 400, memoryMean: 5000, diskBytes: 7000, runningServers: 1 }])
    expect((await read(node)).metrics.measured).toBe('machine')
  })
})

it('nodes are read again when one is told to be another, and once a minute', async () => {
  await using before = await playing()
  await using after = await playing()
  const stop = await startListening(process.env.DATABASE_URL ?? '', () => {})
  const node = await seenNode(before.baseUrl)
  const sampler = newSampler()
  const countAt = async (second: number) => {
    await sampleAt(second, sampler)
    return [before, after].map(({ asked }) => asked.length)
  }
  expect(await countAt(START)).toEqual([1, 0])
  const moveTo = (baseUrl: string) => useDrizzle().update(wingsNodes).set({ baseUrl }).where(eq(wingsNodes.id, node.id))
  await moveTo(after.baseUrl)
  expect(await countAt(START + STEP)).toEqual([2, 0])
  const heard = new Promise<void>((done) => onTopic('node', () => done()))
  await notify(useDrizzle(), 'node', { nodeId: node.id, what: 'configuration' })
  await heard
  expect(await countAt(START + 2 * STEP)).toEqual([2, 1])
  await moveTo(before.baseUrl)
  expect(await countAt(START + 7 * STEP)).toEqual([2, 2])
  expect(await countAt(START + 8 * STEP)).toEqual([3, 2])
  await stop()
})

describe('of several processes', () => {
  it('one samples, and another takes over when it is gone', async () => {
    await using machine = await playing()
    const node = await seenNode(machine.baseUrl)
    const [one, other] = [newSampler(), newSampler()]
    await sampleAt(START, one, other)
    expect([one.isLeading(), other.isLeading()].filter(Boolean)).toHaveLength(1)
    expect(await rowsOf(node)).toMatchObject([{ samples: 1 }])
    expect(machine.asked.filter((asked) => asked === 'GET /api/servers')).toHaveLength(1)

    const [holder, waiting] = one.isLeading() ? [one, other] : [other, one]
    // As when its process is killed.
    await useDrizzle().execute(
      sql`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())`,
    )
    await vi.waitFor(() => expect(holder.isLeading()).toBe(false))
    await sampleAt(START + STEP, waiting)
    await sampleAt(START + 2 * STEP, waiting, holder)
    expect([waiting.isLeading(), holder.isLeading()]).toEqual([true, false])
    expect((await rowsOf(node)).map(({ samples }) => samples)).toEqual([1, 1, 1])
  })

  it('a node is asked in its own second, and a hung one keeps nobody waiting', async () => {
    await using machine = await playing()
    await using hung = await startHungNode()
    const nodes = [await seenNode(hung.baseUrl), await seenNode(machine.baseUrl)]
    for (let more = 2; more < 11; more++) nodes.push(await seenNode(`${machine.baseUrl}/${more}`))
    const sampler = newSampler()
    const began = performance.now()
    await sampleAt(START, sampler)
    const waited = performance.now() - began
    await sampleAt(START + 1, sampler)
    const written = await Promise.all(nodes.map(async (node) => (await rowsOf(node)).length))
    // The eleventh has the first one's second.
    expect(written).toEqual([0, 1, ...Array<number>(8).fill(0), 0])
    expect(waited).toBeLessThan(2500)
  })
})

describe('GET /api/application/nodes/:node/metrics', () => {
  it('shades the maintenance of the window, and one that goes on', async () => {
    const node = await seenNode('http://127.0.0.1:9', { lastSeenAt: null })
    const { body } = await request(`GET /api/application/nodes/${node.id}`, { as: root })
    const maintain = (is: boolean) =>
      request(`PATCH /api/application/nodes/${node.id}`, {
        as: root,
        body: { ...body.attributes, maintenance_mode: is },
      })
    expect((await maintain(true)).status).toBe(200)
    await maintain(false)
    await maintain(true)
    const { maintenance } = (await read(node)).metrics
    expect(maintenance).toHaveLength(2)
    expect(Date.parse(maintenance[1]!.to)).toBeGreaterThanOrEqual(Date.parse(maintenance[1]!.from))
  })

  it('is refused for another window, and does not exist beyond one’s nodes', async () => {
    const node = await seenNode('http://127.0.0.1:9')
    expect((await read(node, '2h')).status).toBe(422)
    const reader = await signedInAs(await makeAdministrator({ nodes: 1 }, { nodeIds: [node.id] }))
    const other = await signedInAs(await makeAdministrator({ nodes: 1 }, { nodeIds: [] }))
    expect([(await read(node, '1h', reader)).status, (await read(node, '1h', other)).status]).toEqual([200, 404])
  })
})
