import { describe, expect, it } from 'vitest'
import { activitySlots } from '../../../app/utils/activity-slots'
import { dayAfter, dayOf, startOfDay } from '../../../app/utils/day-bounds'

const list = (names: readonly string[]) => names.join(', ')

describe('activitySlots', () => {
  it('tells lists, renamed files and what is missing', () => {
    const told = { files: ['a.jar', 'b.jar'], moved: [{ from: 'a', to: 'b' }], name: '', old: null, count: 2, on: true }
    expect(activitySlots(told, list)).toEqual({
      files: 'a.jar, b.jar',
      moved: 'a → b',
      name: '–',
      old: '–',
      count: 2,
      on: 'true',
    })
  })
})

describe('days', () => {
  it.each([
    ['2026-11-24', 'UTC', '2026-11-24T00:00:00.000Z'],
    ['2026-11-24', 'Europe/Berlin', '2026-11-23T23:00:00.000Z'],
    ['2026-11-24', 'America/New_York', '2026-11-24T05:00:00.000Z'],
    ['2026-11-24', 'Pacific/Auckland', '2026-11-23T11:00:00.000Z'],
    ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00.000Z'],
    ['2026-03-30', 'Europe/Berlin', '2026-03-29T22:00:00.000Z'],
    ['2026-10-25', 'Europe/Berlin', '2026-10-24T22:00:00.000Z'],
  ])('%s begins in %s at %s', (day, zone, expected) => expect(startOfDay(day, zone)).toBe(expected))

  it('knows the day of a moment, and the next one', () => {
    expect(dayOf('2026-11-24T23:30:00Z', 'Europe/Berlin')).toBe('2026-11-25')
    expect(dayOf('2026-11-24T23:30:00Z', 'UTC')).toBe('2026-11-24')
    expect(dayAfter('2026-12-31')).toBe('2027-01-01')
  })
})
