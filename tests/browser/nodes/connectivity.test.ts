import { beforeEach, describe, expect, it, vi } from 'vitest'
import { AdminAllocationAlias, AdminNodeConnectivity, AdminNodeMeter, AdminNodeTicks } from '#components'
import type { CheckStep, Node } from '#shared/contracts/application/nodes'
import { faultsOf } from '../panel/axe'
import { stage } from '../panel/stage'
import { node, step } from './node'

const reached = [
  step('name', true, { detail: { addresses: '198.51.100.24' } }),
  step('port', true),
  step('tls', true),
  step('answer', true, { detail: { version: '1.12.2' } }),
  step('token', true),
  step('clock', true, { detail: { seconds: 3 } }),
]
const arrived = [step('secure', true), step('port', true), step('origin', true), step('socket', true)]

const again = { submit: vi.fn(), pending: ref(false), failure: ref() }
const check = (panel: CheckStep[], browser: CheckStep[]) => ({
  error: ref(),
  checkedAt: ref('2026-11-24T10:00:00+00:00'),
  panelSteps: ref(panel),
  browserSteps: ref(browser),
  isTrying: ref(false),
  again,
})
const show = (panel: CheckStep[], browser: CheckStep[], more: Partial<Node> = {}) =>
  stage(AdminNodeConnectivity, { props: { node: { ...node, ...more }, check: check(panel, browser) } })

beforeEach(async () => {
  await useNuxtApp().$language.needFailures()
  const { mergeLocaleMessage } = useNuxtApp().$i18n as { mergeLocaleMessage: (language: string, words: object) => void }
  mergeLocaleMessage('en', (await import('../../../i18n/locales/en/admin.json')).default)
})

describe('AdminNodeConnectivity', () => {
  it('all well is two lines', async () => {
    const panel = await show(reached, arrived)
    expect(panel.findAll('li')).toHaveLength(0)
    expect(panel.text()).not.toContain('cannot reach')
    expect(await faultsOf(panel)).toEqual([])

    await panel.findAll('h3 button')[0]!.trigger('click')
    expect(panel.text()).toContain('fra-2.kestrel.gg → 198.51.100.24')
    expect(panel.text()).toContain('+3 s')
  })

  it('says the cause, what goes on meanwhile, and the command', async () => {
    const blocked = [
      step('secure', true),
      step('port', false, { ms: 5002, cause: 'port_timeout', detail: { port: 8080 } }),
      step('origin', null),
      step('socket', null),
    ]
    const panel = await show(reached, blocked)
    expect(panel.text()).toContain('Your browser cannot reach fra-2.')
    expect(panel.text()).toContain('Port 8080 does not answer. A firewall is likely to drop it.')
    expect(panel.text()).toContain('Its 23 servers go on meanwhile')
    expect(panel.get('code').text()).toBe('sudo ufw allow 8080/tcp')
    expect(await faultsOf(panel)).toEqual([])
  })

  it('tells of the panel first: what it cannot reach, nobody can', async () => {
    const refused = [step('name', true), step('port', false, { cause: 'port_refused', detail: { port: 8080 } })]
    const panel = await show(refused, [
      step('secure', true),
      step('port', false, { cause: 'browser_refused', detail: { url: 'x' } }),
    ])
    expect(panel.text()).toContain('The panel cannot reach fra-2.')
    expect(panel.text()).not.toContain('Your browser cannot reach')
  })

  it('speaks of no servers where there are none', async () => {
    const panel = await show([step('name', false, { cause: 'name_unknown', detail: { host: 'x' } })], [], {
      servers_count: 0,
    })
    expect(panel.text()).not.toContain('may still be running')
  })

  it('warns of a clock that is ahead, and does not call the node unreachable', async () => {
    const panel = await show(
      [...reached.slice(0, 5), step('clock', true, { cause: 'clock_ahead', detail: { seconds: 40 } })],
      arrived,
    )
    expect(panel.text()).toContain('The panel reaches fra-2, with a doubt.')
    expect(panel.text()).toContain('40 seconds ahead')
    expect(panel.text()).not.toContain('Not reachable')
  })

  it('knows a cause that it does not know', async () => {
    const panel = await show(reached, [step('port', false, { cause: 'told_by_a_later_version' })])
    expect(panel.text()).toContain('Something else went wrong.')
  })
})

describe('AdminNodeTicks', () => {
  it('waits for the call before it says anything of the ways', async () => {
    const ticks = await stage(AdminNodeTicks, {
      props: { node: { ...node, last_seen_at: null }, check: check(reached, arrived) },
    })
    expect(ticks.findAll('li').map((one) => one.text())).toEqual([
      'Waiting for the node to call',
      'The panel reaches the node',
      'Your browser reaches the node',
    ])
    expect(ticks.findAll('.text-success')).toHaveLength(0)
  })

  it('ticks what has happened', async () => {
    const ticks = await stage(AdminNodeTicks, { props: { node, check: check(reached, arrived) } })
    expect(ticks.findAll('.text-success')).toHaveLength(3)
  })
})

describe('AdminNodeMeter', () => {
  const meter = { label: 'Memory', kind: 'mib', limit: 65_536, overPercent: 0 }

  it.each([
    ['all there is, which is no fault', { promised: 65_536 }, false],
    ['more than there is', { promised: 65_537 }, true],
    ['more than there is, as allowed', { promised: 65_537, overPercent: 20 }, false],
    ['anything, without end', { promised: 999_999, overPercent: -1 }, false],
    ['anything, of a node without a limit', { promised: 999_999, limit: 0 }, false],
  ])('has promised %s', async (_, props, isOver) => {
    const shown = await stage(AdminNodeMeter, { props: { ...meter, ...props } })
    expect(shown.find('.text-warning').exists()).toBe(isOver)
  })
})

describe('AdminAllocationAlias', () => {
  const at = (save: (alias: string | null) => Promise<unknown>) =>
    stage(AdminAllocationAlias, { props: { alias: 'play.kestrel.gg', label: '198.51.100.24:25565', save } })

  it('saves itself when the field is left, empty as none', async () => {
    const save = vi.fn().mockResolvedValue(true)
    const field = await at(save)
    await field.get('input').setValue('  ')
    await field.get('input').trigger('blur')
    await vi.waitFor(() => expect(field.text()).toContain('Saved'))
    expect(save.mock.calls).toEqual([[null]])
  })

  it('does not save what did not change, and takes back what was refused', async () => {
    const save = vi.fn().mockResolvedValue(undefined)
    const field = await at(save)
    await field.get('input').trigger('blur')
    expect(save).not.toHaveBeenCalled()

    await field.get('input').setValue('other')
    await field.get('input').trigger('blur')
    await vi.waitFor(() => expect((field.get('input').element as HTMLInputElement).value).toBe('play.kestrel.gg'))
  })
})
