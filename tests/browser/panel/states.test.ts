import { mountSuspended } from '@nuxt/test-utils/runtime'
import { describe, expect, it } from 'vitest'
import { PanelNodeState, PanelServerState } from '#components'
import { NODE_STATES, SERVER_STATES, serverStateOf, type PowerState } from '~/utils/server-state'
import { faultsOf } from './axe'

describe('PanelServerState', () => {
  it.each([
    ['running', 'Running'],
    ['starting', 'Starting'],
    ['stopping', 'Stopping'],
    ['offline', 'Offline'],
    ['installing', 'Installing'],
    ['install_failed', 'Install failed'],
    ['suspended', 'Suspended'],
    ['transferring', 'Transferring'],
    ['restoring', 'Restoring'],
    ['maintenance', 'Maintenance'],
    ['unknown', 'No contact'],
  ] as const)('says %s as a word, and never by colour alone', async (state, word) => {
    const shown = await mountSuspended(PanelServerState, { props: { state } })
    expect(shown.text()).toBe(word)
    expect(shown.find('[aria-hidden="true"]').exists()).toBe(true)
  })

  it('has a word for every state', () => expect(SERVER_STATES).toHaveLength(11))

  it('is sound', async () => {
    const shown = await mountSuspended(PanelServerState, { props: { state: 'running', since: '2d 4h' } })
    expect(await faultsOf(shown)).toEqual([])
  })
})

describe('serverStateOf', () => {
  const server = { status: null, is_suspended: false, is_transferring: false, is_node_under_maintenance: false }

  it.each<[string, Partial<Parameters<typeof serverStateOf>[0]>, PowerState | null, string]>([
    ['what the node says, where nothing else applies', {}, 'running', 'running'],
    ['silence as such', {}, null, 'unknown'],
    ['maintenance before power', { is_node_under_maintenance: true }, 'running', 'maintenance'],
    ['installing before maintenance', { status: 'installing', is_node_under_maintenance: true }, null, 'installing'],
    ['a failed reinstallation like a failed installation', { status: 'reinstall_failed' }, 'offline', 'install_failed'],
    ['a transfer before an installation', { status: 'installing', is_transferring: true }, null, 'transferring'],
    [
      'suspension before all',
      { is_suspended: true, is_transferring: true, status: 'restoring_backup' },
      'running',
      'suspended',
    ],
  ])('tells %s', (_, facts, power, expected) => {
    expect(serverStateOf({ ...server, ...facts }, power)).toBe(expected)
  })
})

describe('PanelNodeState', () => {
  it.each(NODE_STATES.map((state) => [state]))('shows %s with glyph and word', async (state) => {
    const shown = await mountSuspended(PanelNodeState, { props: { state } })
    expect(shown.text()).not.toBe('')
    expect(shown.text()).not.toContain('states.')
    expect(await faultsOf(shown)).toEqual([])
  })

  it('says how long a node has been silent', async () => {
    const silentSince = new Date(Date.now() - 4 * 60_000).toISOString()
    const shown = await mountSuspended(PanelNodeState, { props: { state: 'no_contact', silentSince } })
    expect(shown.text()).toMatch(/No contact\s*4\s+min/)
  })
})
