import { describe, expect, it } from 'vitest'
import { request } from '../../support/api'
import { panelWithNode } from '../../support/panel-with-node'

describe('GET /api/application/nodes/:node/diagnostics', () => {
  it('hands on what a daemon of Pelican says of itself', async () => {
    await using panel = await panelWithNode('pelican')
    const reply = await request(`GET /api/application/nodes/${panel.nodeId}/diagnostics`, { as: panel.callers.root })
    expect(reply.status).toBe(200)
    expect(reply.body.text).toMatch(/^Wings \S+/)
    const few = `GET /api/application/nodes/${panel.nodeId}/diagnostics?lines=100` as const
    expect((await request(few, { as: panel.callers.root })).status).toBe(200)
    expect(panel.wings.seen.map(({ query }) => query.log_lines).filter(Boolean)).toEqual(['200', '100'])
    const tooMany = `GET /api/application/nodes/${panel.nodeId}/diagnostics?lines=501` as const
    expect((await request(tooMany, { as: panel.callers.root })).status).toBe(422)
  })

  it('says so where the daemon has none, and passes on why one could not be asked', async () => {
    await using panel = await panelWithNode('pterodactyl')
    const ask = () => request(`GET /api/application/nodes/${panel.nodeId}/diagnostics`, { as: panel.callers.root })
    expect(await ask()).toMatchObject({
      status: 400,
      body: { errors: [{ meta: { reason: 'node.diagnostics_unknown' } }] },
    })

    panel.wings.faults.add({ on: 'GET /api/diagnostics', fault: { kind: 'refusing', status: 500 } })
    expect((await ask()).status).toBe(500)
  })
})
