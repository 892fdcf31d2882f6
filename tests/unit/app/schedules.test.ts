import { describe, expect, it } from 'vitest'
import type { CronFields } from '#shared/utils/cron'
import { cronFieldsOfWhen, whenAs, whenOf, type When } from '../../../app/utils/cron-when'
import {
  draftOfFile,
  emptySchedule,
  newTask,
  scheduleFileOf,
  taskSteps,
  type TaskDraft,
} from '../../../app/utils/schedule-draft'
import { previewRuns } from '../../../app/utils/schedule-preview'

const cron = (text: string): CronFields => {
  const [minute = '', hour = '', day_of_month = '', month = '', day_of_week = ''] = text.split(' ')
  return { minute, hour, day_of_month, month, day_of_week }
}

describe('the few controls', () => {
  it.each<[string, When]>([
    ['0 4 * * *', { kind: 'day', hour: 4, minute: 0 }],
    ['30 23 * * 1,3', { kind: 'week', days: [1, 3], hour: 23, minute: 30 }],
    ['0 0 * * 1-5', { kind: 'week', days: [1, 2, 3, 4, 5], hour: 0, minute: 0 }],
    ['0 0 * * 7', { kind: 'week', days: [0], hour: 0, minute: 0 }],
    ['15 6 31 * *', { kind: 'month', day: 31, hour: 6, minute: 15 }],
    ['5 * * * *', { kind: 'hour', minute: 5 }],
    ['*/15 * * * *', { kind: 'minutes', every: 15 }],
    ['* * * * *', { kind: 'minutes', every: 1 }],
    ['*/7 * * * *', { kind: 'own' }],
    ['60 * * * *', { kind: 'own' }],
    ['0 24 * * *', { kind: 'own' }],
    ['0 4 1 * 1', { kind: 'own' }],
    ['0 4 L * *', { kind: 'own' }],
    ['0 4 * 6 *', { kind: 'own' }],
    ['0 */2 * * *', { kind: 'own' }],
    ['0 4 * * MON', { kind: 'own' }],
  ])('%s', (text, when) => expect(whenOf(cron(text))).toEqual(when))

  it.each(['0 4 * * *', '30 23 * * 1,3', '15 6 31 * *', '5 * * * *', '*/15 * * * *', '* * * * *'])(
    'say %s again',
    (text) => {
      const when = whenOf(cron(text))
      expect(when.kind !== 'own' && cronFieldsOfWhen(when)).toEqual(cron(text))
    },
  )

  it('keep the time when the kind changes', () => {
    expect(whenAs('week', { kind: 'day', hour: 5, minute: 30 })).toEqual({
      kind: 'week',
      days: [1],
      hour: 5,
      minute: 30,
    })
    expect(whenAs('day', { kind: 'own' })).toEqual({ kind: 'day', hour: 4, minute: 0 })
    expect(whenAs('hour', { kind: 'month', day: 3, hour: 5, minute: 30 })).toEqual({ kind: 'hour', minute: 30 })
  })
})

describe('the next runs', () => {
  const berlin = (text: string, from: string) => previewRuns(cron(text), 'Europe/Berlin', new Date(from))
  const notes = (runs: ReturnType<typeof berlin>) => runs.map(({ note }) => note?.kind)

  it('are five, each after the other', () => {
    const runs = berlin('0 4 * * *', '2026-12-01T12:00:00Z')
    expect(runs.map(({ at }) => at.slice(0, 16))).toEqual([
      '2026-12-02T03:00',
      '2026-12-03T03:00',
      '2026-12-04T03:00',
      '2026-12-05T03:00',
      '2026-12-06T03:00',
    ])
    expect(notes(runs).every((kind) => kind === undefined)).toBe(true)
  })

  it('name a change of the clocks at the first run after it', () => {
    expect(notes(berlin('0 4 * * *', '2027-03-26T12:00:00Z'))).toEqual([
      undefined,
      'forward',
      undefined,
      undefined,
      undefined,
    ])
    expect(notes(berlin('0 4 * * *', '2026-10-23T12:00:00Z'))).toEqual([
      undefined,
      'back',
      undefined,
      undefined,
      undefined,
    ])
  })

  it('say that a time is skipped, or comes twice', () => {
    const skipped = berlin('30 2 * * *', '2027-03-27T12:00:00Z')
    expect(skipped[0]).toEqual({
      at: '2027-03-28T01:00:00.000Z',
      note: { kind: 'skipped', minutes: 60, at: '2027-03-28T01:00:00.000Z' },
    })
    const twice = berlin('30 2 * * *', '2026-10-24T12:00:00Z')
    expect(twice[0]?.note).toMatchObject({ kind: 'twice', minutes: -60 })
    expect(twice[1]?.at).toBe('2026-10-26T01:30:00.000Z')
  })

  it('are none for what cannot be read, or is never due', () => {
    expect(berlin('61 4 * * *', '2026-12-01T12:00:00Z')).toEqual([])
    expect(berlin('0 4 30 2 *', '2026-12-01T12:00:00Z')).toEqual([])
  })
})

describe('what is told of the tasks', () => {
  const task = (id: number, payload = String(id)): TaskDraft => ({ ...newTask({ payload }), id, key: `task-${id}` })
  const [one, two, three] = [task(1), task(2), task(3)]
  const stored = [one, two, three] as TaskDraft[]

  /** As the panel does it: a task that is put in, taken out or moved shifts the others. */
  function carriedOut(wanted: TaskDraft[]): string[] {
    let now = stored.map(({ payload, id }) => ({ payload, id }))
    for (const step of taskSteps(stored, wanted)) {
      if (step.act !== 'create') now = now.filter(({ id }) => id !== step.id)
      if (step.act !== 'remove') now.splice(step.place - 1, 0, { payload: step.task.payload, id: step.task.id })
    }
    return now.map(({ payload }) => payload)
  }

  it.each<[string, TaskDraft[]]>([
    ['nothing', stored],
    ['the last comes first', [three, one, two]],
    ['the first comes last', [two, three, one]],
    ['one goes', [one, three]],
    ['all go', []],
    ['one comes in between', [one, newTask({ payload: 'new' }), two, three]],
    ['one changes where it is', [one, task(2, 'other'), three]],
    ['all at once', [newTask({ payload: 'a' }), task(3, 'other'), newTask({ payload: 'b' }), one]],
  ])('leads there: %s', (_, wanted) => {
    expect(carriedOut(wanted)).toEqual(wanted.map(({ payload }) => payload))
  })

  it('is nothing where nothing changed', () => expect(taskSteps(stored, [...stored])).toEqual([]))
})

describe('a schedule as a file', () => {
  it('is read as it was written', () => {
    const draft = {
      ...emptySchedule('Europe/Berlin'),
      name: 'Nightly',
      tasks: [newTask({ payload: 'say x' }), newTask({ action: 'power', payload: 'restart', timeOffset: 60 })],
    }
    const file = scheduleFileOf(draft)
    expect(file).toMatchObject({ cron_minute: '0', cron_hour: '4', cron_month: '*', is_active: true })
    const read = draftOfFile(file as never, 'UTC')
    const bare = ({ tasks, ...rest }: typeof draft) => ({ ...rest, tasks: tasks.map(({ key: _, ...told }) => told) })
    expect(bare(read)).toEqual(bare(draft))
  })

  it('comes in the order of its places, and in the reader’s zone where it names none', () => {
    const read = draftOfFile(
      {
        ...scheduleFileOf(emptySchedule('UTC')),
        time_zone: null,
        tasks: [
          { action: 'command', payload: 'second', time_offset: 0, sequence_id: 2 },
          { action: 'command', payload: 'first', time_offset: 0, sequence_id: 1 },
        ],
      } as never,
      'Asia/Tokyo',
    )
    expect(read.timeZone).toBe('Asia/Tokyo')
    expect(read.tasks.map(({ payload }) => payload)).toEqual(['first', 'second'])
  })
})
