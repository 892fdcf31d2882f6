import { registerEndpoint } from '@nuxt/test-utils/runtime'
import { describe, expect, it, vi } from 'vitest'
import type { Node } from '#shared/contracts/application/nodes'
import { within } from '../panel/stage'
import { signIn } from '../signed-in'
import { node } from './node'

const check = { checked_at: '2026-11-24T10:00:00+00:00', steps: [], browser: null }
const report = vi.fn(() => check)
registerEndpoint('/api/application/nodes/7/check', () => ({ check }))
registerEndpoint('/api/application/nodes/7/check/browser', { method: 'POST', handler: report })

/** Nothing listens there, so no browser gets to it. */
const closed = { ...node, scheme: 'http' as const, fqdn: '127.0.0.1', daemon_connect: 9, daemon_listen: 9 }

describe('useNodeCheck', () => {
  it('does not tell that browsers are blocked while the node is silent for all, and looks again once it is back', async () => {
    signIn()
    const shown = ref<Node>({ ...closed, unreachable_since: '2026-11-24T10:00:00+00:00' })
    const { browserSteps, isTrying } = await within(() => useNodeCheck(() => shown.value))
    await vi.waitFor(() => expect(browserSteps.value).not.toEqual([]), 5000)
    await vi.waitFor(() => expect(isTrying.value).toBe(false))
    expect(report).not.toHaveBeenCalled()

    shown.value = { ...closed, unreachable_since: null }
    await vi.waitFor(() => expect(report).toHaveBeenCalledOnce(), 5000)
  })
})
