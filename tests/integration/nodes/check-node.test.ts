import { eq } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { useDrizzle } from '#server/database/client'
import { nodeLastCheck, nodeSystem } from '#server/database/json'
import { only } from '#server/database/rows'
import { wingsNodes } from '#server/database/schema'
import { breaker } from '#server/wings/breaker'
import { checkNode } from '#server/services/nodes/check-node'
import { checkNodes } from '#server/services/nodes/check-nodes'
import { makeNode } from '../../support/factories'
import { startHungNode, startPlainNode } from '../../support/plain-nodes'

const system = {
  version: '1.11.11',
  docker: { version: '27' },
  system: { architecture: 'amd64', cpu_threads: 8, memory_bytes: 16e9 },
}
const nobodyHome = 'http://127.0.0.1:1'

const stored = async (id: string) => only(await useDrizzle().select().from(wingsNodes).where(eq(wingsNodes.id, id)))

beforeEach(async () => {
  await useDrizzle().delete(wingsNodes)
})

describe('checkNode', () => {
  it('stores how far the way led and what the node says of itself, without changing the node', async () => {
    await using wings = await startPlainNode(
      (_, response) => void response.setHeader('user-agent', 'Pelican Wings/v1.0.0 (id:a)').end(JSON.stringify(system)),
    )
    const node = await makeNode({
      baseUrl: wings.baseUrl,
      flavour: null,
      version: null,
      lastSeenAt: null,
      unreachableSince: '2026-01-01T00:00:00.000Z',
    })

    const check = await checkNode({ node })
    expect(check.steps.map(({ step, ok }) => [step, ok])).toEqual([
      ['name', true],
      ['port', true],
      ['answer', true],
      ['token', true],
      ['clock', true],
    ])

    const row = await stored(node.id)
    expect(row).toMatchObject({
      flavour: 'pelican',
      version: '1.11.11',
      unreachableSince: null,
      updatedAt: node.updatedAt,
    })
    expect(Date.parse(row.lastSeenAt!)).toBeGreaterThan(Date.now() - 5_000)
    expect(z.decode(nodeLastCheck, row.lastCheck!)).toEqual(check)
    expect(z.decode(nodeSystem, row.system!)).toMatchObject({ cpuThreads: 8, memoryBytes: 16e9, dockerVersion: '27' })
  })

  it('keeps what a browser reported, and what a silent node was', async () => {
    const browser = {
      reportedAt: '2026-01-01T00:00:00.000Z',
      steps: [{ step: 'port' as const, ok: false, ms: 5000, cause: 'port_timeout', detail: null }],
    }
    const lastCheck = z.encode(nodeLastCheck, { checkedAt: '2026-01-01T00:00:00.000Z', steps: [], browser })
    const node = await makeNode({ baseUrl: nobodyHome, flavour: 'pterodactyl', version: '1.11.0', lastCheck })

    const check = await checkNode({ node })
    expect(check.browser).toEqual(browser)
    expect(check.steps.find(({ ok }) => ok === false)).toMatchObject({
      step: 'port',
      cause: 'port_refused',
      detail: { port: 1 },
    })
    expect(await stored(node.id)).toMatchObject({
      flavour: 'pterodactyl',
      version: '1.11.0',
      lastSeenAt: node.lastSeenAt,
    })
  })

  it('calls a node out of contact at the third silence, and not before', async () => {
    const node = await makeNode({ baseUrl: nobodyHome })
    await checkNode({ node })
    await checkNode({ node })
    expect((await stored(node.id)).unreachableSince).toBeNull()

    await checkNode({ node })
    const { unreachableSince } = await stored(node.id)
    expect(unreachableSince).not.toBeNull()
    await checkNode({ node })
    expect((await stored(node.id)).unreachableSince).toBe(unreachableSince)
  })

  it('knows contact from a refusal', async () => {
    await using wings = await startPlainNode(
      (_, response) => void response.writeHead(403).end('{"error":"You are not authorized."}'),
    )
    const node = await makeNode({
      baseUrl: wings.baseUrl,
      lastSeenAt: null,
      unreachableSince: '2026-01-01T00:00:00.000Z',
    })
    const check = await checkNode({ node })
    expect(check.steps.find(({ ok }) => ok === false)).toMatchObject({ step: 'token', cause: 'token_refused' })
    expect(await stored(node.id)).toMatchObject({ unreachableSince: null, lastSeenAt: null })
  })

  it('survives the end of the node', async () => {
    const node = await makeNode({ baseUrl: nobodyHome })
    await useDrizzle().delete(wingsNodes)
    expect((await checkNode({ node })).browser).toBeNull()
  })

  it('puts no secret into what it stores', async () => {
    const node = await makeNode({ baseUrl: nobodyHome })
    await checkNode({ node })
    expect((await stored(node.id)).lastCheck).not.toMatch(/canary/)
  })
})

describe('checkNodes', () => {
  it('checks every node; a hung one keeps no other waiting', { timeout: 30_000 }, async () => {
    await using hung = await startHungNode()
    await using wings = await startPlainNode((_, response) => void response.end(JSON.stringify(system)))
    const others = await Promise.all(
      Array.from({ length: 20 }, (_, number) => makeNode({ baseUrl: `${wings.baseUrl}/${number}` })),
    )
    const silent = await makeNode({ baseUrl: hung.baseUrl })
    // Among them, wherever one begins.
    const more = await Promise.all(
      Array.from({ length: 20 }, (_, number) => makeNode({ baseUrl: `${wings.baseUrl}/more/${number}` })),
    )

    const began = performance.now()
    const all = checkNodes()
    for (;;) {
      const rows = await Promise.all([...others, ...more].map(({ id }) => stored(id)))
      if (rows.every(({ lastCheck }) => lastCheck !== null)) break
    }
    expect(performance.now() - began).toBeLessThan(3_000)

    await all
    const row = await stored(silent.id)
    expect(row.unreachableSince).not.toBeNull()
    expect(z.decode(nodeLastCheck, row.lastCheck!).steps.find(({ ok }) => ok === false)?.cause).toBe('answer_timeout')
    expect(breaker.isOpen(silent.id)).toBe(true)
    expect(hung.connections.size).toBe(0)
  })
})
