import { describe, expect, it } from 'vitest'
import { cronFieldsOf, cronOf, isReadableCron, nextRun, nextRuns, unreadableFields } from '#shared/utils/cron'
import { clockChanges } from '#shared/utils/wall-clock'

const BERLIN = 'Europe/Berlin'

describe('nextRuns', () => {
  it('reads the expression by the clock of its zone', () => {
    expect(nextRuns('0 4 * * *', BERLIN, 2, '2026-01-10T12:00:00Z')).toEqual([
      '2026-01-11T03:00:00.000Z',
      '2026-01-12T03:00:00.000Z',
    ])
    expect(nextRun('0 4 * * *', 'UTC', '2026-01-10T12:00:00Z')).toBe('2026-01-11T04:00:00.000Z')
    expect(nextRun('0 4 * * *', 'Asia/Kathmandu', '2026-01-10T12:00:00Z')).toBe('2026-01-10T22:15:00.000Z')
  })

  it('is after the moment it is asked from, also within that minute', () => {
    expect(nextRun('0 4 * * *', 'UTC', '2026-01-10T04:00:00Z')).toBe('2026-01-11T04:00:00.000Z')
    expect(nextRun('* * * * *', BERLIN, '2026-01-10T04:00:59.999Z')).toBe('2026-01-10T04:01:00.000Z')
    expect(nextRun('30 2 * * *', BERLIN, '2026-03-29T01:00:00Z')).toBe('2026-03-30T00:30:00.000Z')
  })

  it('runs once at the end of the hour that a clock skips', () => {
    const days = ['2026-03-28T01:30:00.000Z', '2026-03-29T01:00:00.000Z', '2026-03-30T00:30:00.000Z']
    expect(nextRuns('30 2 * * *', BERLIN, 3, '2026-03-28T00:00:00Z')).toEqual(days)
    expect(nextRuns('*/30 2 * * *', BERLIN, 2, '2026-03-28T22:00:00Z')).toEqual([
      '2026-03-29T01:00:00.000Z',
      '2026-03-30T00:00:00.000Z',
    ])
    // What is due at that moment anyway is not due twice.
    expect(nextRuns('0 2,3 * * *', BERLIN, 2, '2026-03-28T22:00:00Z')).toEqual([
      '2026-03-29T01:00:00.000Z',
      '2026-03-30T00:00:00.000Z',
    ])
  })

  it('runs once in the hour that a clock shows twice', () => {
    expect(nextRuns('30 2 * * *', BERLIN, 2, '2026-10-24T12:00:00Z')).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
    ])
    expect(nextRuns('*/30 2 * * *', BERLIN, 3, '2026-10-24T22:00:00Z')).toEqual([
      '2026-10-25T00:00:00.000Z',
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:00:00.000Z',
    ])
    // Asked in between, and in the second of the two.
    expect(nextRun('30 2 * * *', BERLIN, '2026-10-25T00:45:00Z')).toBe('2026-10-26T01:30:00.000Z')
    expect(nextRun('30 2 * * *', BERLIN, '2026-10-25T01:15:00Z')).toBe('2026-10-26T01:30:00.000Z')
  })

  it.each([
    ['2026-03-28T23:00:00Z', '15 * * * *', 60],
    ['2026-10-24T22:00:00Z', '15 * * * *', 60],
    ['2026-03-28T23:00:00Z', '*/10 * * * *', 10],
    ['2026-10-24T22:00:00Z', '*/10 * * * *', 10],
  ])('keeps the pace of what is due in every hour, from %s', (from, cron, minutes) => {
    const found = nextRuns(cron, BERLIN, 40, from).map(Date.parse)
    const apart = found.slice(1).map((one, place) => (one - (found[place] ?? 0)) / 60_000)
    expect(new Set(apart)).toEqual(new Set([minutes]))
  })

  it('knows half an hour and a whole day that clocks skip', () => {
    expect(nextRun('15 2 * * *', 'Australia/Lord_Howe', '2026-10-03T14:00:00Z')).toBe('2026-10-03T15:30:00.000Z')
    expect(nextRuns('0 12 * * *', 'Pacific/Apia', 3, '2011-12-29T00:00:00Z')).toEqual([
      '2011-12-29T22:00:00.000Z',
      '2011-12-30T10:00:00.000Z',
      '2011-12-30T22:00:00.000Z',
    ])
  })

  it.each([
    '0 0 L * *',
    '0 0 15W * *',
    '0 0 * * 5L',
    '0 0 * * 5#2',
    '0 0 * JAN MON-FRI',
    '5,10-20/5 * ? * 7',
    '1/5 * * * *',
  ])('reads %s', (cron) => {
    expect(isReadableCron(cron)).toBe(true)
    expect(nextRuns(cron, BERLIN, 5, '2026-01-01T00:00:00Z')).toHaveLength(5)
  })

  it.each([
    '',
    '* * * *',
    '0 * * * * *',
    '@daily',
    '61 * * * *',
    'a * * * *',
    '*/0 * * * *',
    '5-1 * * * *',
    '* *  * * *',
    '2026-01-01T00:00:00',
  ])('does not read %j', (cron) => {
    expect(isReadableCron(cron)).toBe(false)
    expect(nextRuns(cron, BERLIN, 5, '2026-01-01T00:00:00Z')).toEqual([])
  })

  it('says nothing for a zone that does not exist, and for a day that never comes', () => {
    expect(isReadableCron('0 4 * * *', 'Mars/Olympus')).toBe(false)
    expect(nextRuns('0 0 30 2 *', BERLIN, 5, '2026-01-01T00:00:00Z')).toEqual([])
  })
})

it('splits an expression into fields and joins them again', () => {
  const fields = { minute: '0', hour: '4', day_of_month: '*', month: '*', day_of_week: 'MON' }
  expect(cronFieldsOf('0 4 * * MON')).toEqual(fields)
  expect(cronOf({ ...fields, hour: ' 4 ' })).toBe('0 4 * * MON')
})

it('names the changes of a clock', () => {
  expect(clockChanges(BERLIN, '2026-03-01T00:00:00Z', '2026-11-01T00:00:00Z')).toEqual([
    { at: '2026-03-29T01:00:00.000Z', minutes: 60 },
    { at: '2026-10-25T01:00:00.000Z', minutes: -60 },
  ])
  expect(clockChanges('UTC', '2026-03-01T00:00:00Z', '2026-11-01T00:00:00Z')).toEqual([])
})

it('names the fields that cannot be read', () => {
  expect(unreadableFields(cronFieldsOf('*/7 2 * * 1-5'))).toEqual([])
  expect(unreadableFields({ ...cronFieldsOf('99 4 * * *'), month: '1 2' })).toEqual(['minute', 'month'])
})
