import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { wingsNodes } from '#server/database/schema'
import { nodeCheck, nodeSystem } from '#shared/contracts/application/nodes'
import { request, signedInAs } from '../../support/api'
import { makeNode, makeUser } from '../../support/factories'
import { startPlainNode } from '../../support/plain-nodes'

const system = {
  version: '1.11.11',
  docker: { version: '27' },
  system: { architecture: 'amd64', cpu_threads: 8, memory_bytes: 16e9 },
}
const step = { step: 'port', ok: false, ms: 5000, cause: 'port_timeout', detail: { port: 8080 } }

const root = async () => signedInAs(await makeUser({ role: 'admin', rootAdmin: true }))

describe('/api/application/nodes/:node/check', () => {
  it('goes the way now, and remembers it', async () => {
    await using wings = await startPlainNode((_, response) => void response.end(JSON.stringify(system)))
    const [node, as] = [await makeNode({ baseUrl: wings.baseUrl }), await root()]
    const path = `/api/application/nodes/${node.id}/check`
    expect((await request(`GET ${path}`, { as })).body).toEqual({ check: null })
    const asked = await request(`GET /api/application/nodes/${node.id}/system`, { as })
    expect(asked.body).toMatchObject({ cpu_threads: 8, seen_at: null })

    const { status, body } = await request(`POST ${path}`, { as })
    expect(status).toBe(200)
    expect(nodeCheck.parse(body).steps.every(({ ok }) => ok)).toBe(true)
    expect((await request(`GET ${path}`, { as })).body).toEqual({ check: body })

    const told = await request(`GET /api/application/nodes/${node.id}/system`, { as })
    expect(told.body.seen_at).not.toBeNull()
    expect(nodeSystem.parse(told.body)).toMatchObject({ version: '1.11.11', cpu_threads: 8, docker_version: '27' })
  })

  it('keeps what a browser found, at a reasonable length, beside what the panel found', async () => {
    await using wings = await startPlainNode((_, response) => void response.end(JSON.stringify(system)))
    const [node, as] = [await makeNode({ baseUrl: wings.baseUrl }), await root()]
    const long = { ...step, cause: 'x'.repeat(500), detail: { text: 'y'.repeat(5000) } }

    const { status, body } = await request(`POST /api/application/nodes/${node.id}/check/browser`, {
      as,
      body: { steps: [step, long] },
    })
    expect(status).toBe(200)
    const { steps, browser } = nodeCheck.parse(body)
    expect(steps).toHaveLength(5)
    expect(browser?.steps).toEqual([step, { ...long, cause: 'x'.repeat(60), detail: null }])

    const again = await request(`POST /api/application/nodes/${node.id}/check`, { as })
    expect(again.body.browser).toEqual(body.browser)
    const listed = await request(`GET /api/application/nodes/${node.id}`, { as })
    expect(listed.body.attributes.state).toBe('browsers_blocked')
  })

  it('reads over a check of another form', async () => {
    const [node, as] = [await makeNode(), await root()]
    await useDrizzle().update(wingsNodes).set({ lastCheck: '{"old":true}' }).where(eq(wingsNodes.id, node.id))
    expect((await request(`GET /api/application/nodes/${node.id}/check`, { as })).body).toEqual({ check: null })
  })
})
