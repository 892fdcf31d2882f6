import { describe, expect, it, vi } from 'vitest'
import { PanelBytes, PanelCopyButton, PanelMeter, PanelTime, PanelUnitInput } from '#components'
import { faultsOf } from './axe'
import { stage } from './stage'

const GIB = 1024 ** 3
const plain = (text: string) => text.replace(/[\u00A0\u202F]/g, ' ').trim()

describe('PanelMeter', () => {
  it.each([
    ['bytes in the unit of the limit', { used: 3.1 * GIB, limit: 4 * GIB }, '3.1/ 4 GiB'],
    ['percent of threads', { used: 34, limit: 200, unit: 'percent' }, '34%/ 200%'],
    ['nothing known as an en dash', { used: null, limit: 4 * GIB }, '–/ 4 GiB'],
    ['no limit without one', { used: 512 * 1024 ** 2, limit: null }, '512MiB'],
    ['a count', { used: 3, limit: 5, unit: 'count' }, '3/ 5'],
  ] as const)('shows %s', async (_, props, expected) => {
    const meter = await stage(PanelMeter, { props: { label: '', ...props } })
    expect(plain(meter.text())).toBe(expected)
  })

  it.each([
    [79, false, ''],
    [80, true, 'text-warning'],
    [94, true, 'text-warning'],
    [95, true, 'text-error'],
    [120, true, 'text-error'],
  ])('at %i %% of the limit warns: %s', async (used, warns, tone) => {
    const meter = await stage(PanelMeter, { props: { used, limit: 100, unit: 'count', label: 'Disk' } })
    expect(
      meter.html().includes('i-lucide:triangle-alert') || meter.findAll('svg, [class*="triangle"]').length > 0,
    ).toBe(warns)
    if (tone) expect(meter.html()).toContain(tone)
    expect(Number(meter.get('[role="meter"]').attributes('aria-valuenow'))).toBeLessThanOrEqual(100)
  })

  it('says use and limit to who does not see the bar', async () => {
    const meter = await stage(PanelMeter, { props: { used: 3.1 * GIB, limit: 4 * GIB, label: 'Memory' } })
    expect(plain(meter.get('[role="meter"]').attributes('aria-valuetext')!)).toBe('Memory: 3.1 of 4 GiB')
    expect(await faultsOf(meter)).toEqual([])
  })
})

describe('PanelBytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1023, '1 KiB'],
    [1024, '1 KiB'],
    [1023.6 * 1024, '1 MiB'],
    [3.12 * GIB, '3.1 GiB'],
    [123.4 * GIB, '123 GiB'],
    [null, '–'],
  ])('prints %s as %s', async (bytes, expected) => {
    const shown = await stage(PanelBytes, { props: { bytes } })
    expect(plain(shown.text())).toBe(expected)
  })
})

describe('PanelTime', () => {
  const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString()

  it.each([
    ['a moment', 3, /now/],
    ['minutes', 5 * 60, /5 min/],
    ['hours', 2 * 3600, /2 hr/],
    ['days', 3 * 86_400, /3 days ago/],
  ])('tells %s ago', async (_, seconds, expected) => {
    const shown = await stage(PanelTime, { props: { at: ago(seconds) } })
    expect(shown.text()).toMatch(expected)
  })

  it('names the day beyond a week, and keeps the exact moment for who asks', async () => {
    const shown = await stage(PanelTime, { props: { at: '2026-01-12T09:16:20Z' } })
    const time = shown.get('time')
    expect(time.text()).toMatch(/12,? (Jan|2026)|Jan 12, 2026/)
    expect(time.attributes('datetime')).toBe('2026-01-12T09:16:20Z')
    expect(time.attributes('aria-label')).toMatch(/16:20/)
    expect(time.attributes('tabindex')).toBe('0')
    expect(await faultsOf(shown)).toEqual([])
  })

  it('shows what is missing as an en dash', async () => {
    expect((await stage(PanelTime, { props: { at: null } })).text()).toBe('–')
  })
})

describe('PanelCopyButton', () => {
  it('copies, and says so', async () => {
    const writeText = vi.fn(async () => undefined)
    vi.spyOn(navigator, 'clipboard', 'get').mockReturnValue({ writeText } as unknown as Clipboard)
    const button = await stage(PanelCopyButton, { props: { value: 'play.kestrel.gg:25565', what: 'address' } })

    expect(button.get('button').attributes('aria-label')).toBe('Copy address')
    await button.get('button').trigger('click')
    await vi.waitFor(() => expect(button.get('[role="status"]').text()).toBe('Copied'))
    expect(writeText).toHaveBeenCalledWith('play.kestrel.gg:25565')
    expect(await faultsOf(button)).toEqual([])
    vi.restoreAllMocks()
  })
})

describe('PanelUnitInput', () => {
  it.each([
    ['4 GiB = 4,096 MiB', { kind: 'mib', modelValue: 4096 }],
    ['768 MiB = 768 MiB', { kind: 'mib', modelValue: 768 }],
    ['= 2 threads', { kind: 'percent', modelValue: 200 }],
    ['= 1 thread', { kind: 'percent', modelValue: 100 }],
    ['No limit', { kind: 'mib', modelValue: 0 }],
    ['No limit', { kind: 'mib', modelValue: -1, unlimited: -1 }],
  ] as const)('says %s', async (expected, props) => {
    const input = await stage(PanelUnitInput, { props })
    expect(plain(input.get('p').text())).toBe(expected)
  })

  it('never shows the number that stands for no limit', async () => {
    const input = await stage(PanelUnitInput, { props: { kind: 'mib', modelValue: -1, unlimited: -1 } })
    expect(input.html()).not.toMatch(/value="-1"/)
    expect(input.find('input[inputmode]').exists()).toBe(false)
  })

  it('comes back to what was chosen when the switch goes off', async () => {
    const input = await stage(PanelUnitInput, { props: { kind: 'mib', modelValue: 2048 } })
    await input.get('[role="switch"]').trigger('click')
    expect(input.emitted('update:modelValue')?.at(-1)).toEqual([0])
    await input.change({ modelValue: 0 })
    await input.get('[role="switch"]').trigger('click')
    expect(input.emitted('update:modelValue')?.at(-1)).toEqual([2048])
  })

  it('follows each key, and leaves the text alone meanwhile', async () => {
    const input = await stage(PanelUnitInput, { props: { kind: 'mib', modelValue: 4096 } })
    const box = input.get('input').element as HTMLInputElement
    for (const [typed, mib] of [
      ['0.', 1],
      ['0.125', 128],
      ['1,000', 1_024_000],
    ] as const) {
      box.value = typed
      await input.get('input').trigger('input')
      expect([typed, input.emitted('update:modelValue')?.at(-1), box.value]).toEqual([typed, [mib], typed])
      await input.change({ modelValue: mib })
      expect(box.value).toBe(typed)
    }
    const told = input.emitted('update:modelValue')?.length
    box.value = ''
    await input.get('input').trigger('input')
    expect(input.emitted('update:modelValue')).toHaveLength(told!)
  })

  it('takes a usual size by one press', async () => {
    const input = await stage(PanelUnitInput, { props: { kind: 'mib', modelValue: 1024, presets: [1024, 2048, 4096] } })
    const preset = input.findAll('[role="group"] button').find((button) => plain(button.text()) === '4 GiB')
    await preset!.trigger('click')
    expect(input.emitted('update:modelValue')?.at(-1)).toEqual([4096])
  })
})
