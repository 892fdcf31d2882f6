import { flushPromises } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { SchedulesEditor, SchedulesHistory, SchedulesPreview, SchedulesTable } from '#components'
import type { Schedule, ScheduleRun } from '#shared/contracts/client/schedules'
import { emptySchedule, newTask } from '~/utils/schedule-draft'
import { faultsOf } from '../panel/axe'
import { stage } from '../panel/stage'
import { signIn } from '../signed-in'

const route = '/servers/8f0f7e5c/schedules/3'
beforeEach(() => signIn({ time_zone: 'Europe/Berlin' }))

const draft = () => ({
  ...emptySchedule('Europe/Berlin'),
  name: 'Nightly restart',
  tasks: [
    newTask({ payload: 'say Restart soon' }),
    newTask({ action: 'backup', payload: 'cache/', timeOffset: 240 }),
    newTask({ action: 'power', payload: 'restart', timeOffset: 60 }),
  ],
})
const flat = (text: string) => text.replaceAll(/[\s\u00A0]+/g, ' ')

describe('SchedulesEditor', () => {
  const open = async (props: Record<string, unknown> = {}) => {
    const submit = vi.fn()
    const editor = await stage(SchedulesEditor, {
      props: { stored: draft(), mayBackUp: true, onSubmit: submit, ...props },
      route,
    })
    await flushPromises()
    return { editor, submit }
  }
  const save = (editor: Awaited<ReturnType<typeof open>>['editor']) =>
    editor.findAll('button').filter((button) => button.text() === 'Save')

  it('says when in words, what happens, and offers to save only once there is something to save', async () => {
    const { editor } = await open()
    const text = flat(editor.text())
    expect(text).toContain('Every day at 04:00')
    expect(text).toContain('0 4 * * *')
    for (const words of [
      ['Send command', 'say Restart soon', 'at once'],
      ['Create backup', 'without cache/', 'after 4 min'],
      ['Restart the server', 'after 1 min'],
    ].flat())
      expect(text).toContain(words)
    expect(editor.findAll('time')).toHaveLength(5)
    expect(save(editor)).toHaveLength(0)
    await editor.find('input').setValue('Nightly')
    expect(save(editor).length).toBeGreaterThan(0)
    expect(await faultsOf(editor)).toEqual([])
    editor.leave()
  })

  it('moves a task by Alt and an arrow, and stops at the ends', async () => {
    const { editor, submit } = await open()
    const tasks = () => editor.findAll('[data-task]')
    const press = (index: number, key: string) => tasks()[index]?.trigger(`keydown.${key}`, { altKey: true })
    await press(0, 'up')
    expect(flat(tasks()[0]?.text() ?? '')).toContain('Send command')
    await press(0, 'down')
    await press(2, 'up')
    expect(tasks().map((task) => /Create|Restart|Send/.exec(task.text())?.[0])).toEqual(['Create', 'Restart', 'Send'])
    await editor.find('form').trigger('submit')
    await flushPromises()
    expect(submit.mock.calls[0]?.[0].tasks.map(({ action }: { action: string }) => action)).toEqual([
      'backup',
      'power',
      'command',
    ])
    editor.leave()
  })

  it('keeps the draft of whoever is at work when the panel tells of another state', async () => {
    const { editor } = await open()
    await editor.find('input').setValue('My own name')
    await editor.change({ stored: { ...draft(), name: 'Theirs', isActive: false } })
    await flushPromises()
    expect(editor.find<HTMLInputElement>('input').element.value).toBe('My own name')
    expect(editor.find('[role="switch"]').attributes('aria-checked')).toBe('false')
    editor.leave()
  })

  it.each([
    ['asks before one that was brought along is lost', { begun: draft() }, true],
    ['lets one go that nobody has begun', {}, false],
  ])('%s', async (_, props, asks) => {
    const { editor } = await open({ stored: emptySchedule('Europe/Berlin'), isNew: true, ...props })
    const leaving = new Event('beforeunload', { cancelable: true })
    window.dispatchEvent(leaving)
    expect(leaving.defaultPrevented).toBe(asks)
    expect(editor.find<HTMLInputElement>('input').element.value).toBe(asks ? 'Nightly restart' : '')
    editor.leave()
  })

  it('does not save a pattern that nobody can read', async () => {
    const { editor, submit } = await open({
      stored: { ...draft(), cron: { minute: '61', hour: '4', day_of_month: '*', month: '*', day_of_week: '*' } },
      isNew: true,
    })
    await editor.find('form').trigger('submit')
    await flushPromises()
    expect(submit).not.toHaveBeenCalled()
    expect(editor.text()).toContain('This pattern cannot be read.')
    editor.leave()
  })
})

describe('SchedulesTable', () => {
  it('does not call next what is long past, as behind a run that is under way', async () => {
    const schedule: Schedule = {
      id: 3,
      name: 'Nightly',
      cron: { minute: '0', hour: '4', day_of_month: '*', month: '*', day_of_week: '*' },
      is_active: true,
      is_processing: true,
      only_when_online: false,
      last_run_at: null,
      next_run_at: new Date(Date.now() - 600_000).toISOString(),
      created_at: '2026-11-24T03:00:00+00:00',
      updated_at: '2026-11-24T03:00:00+00:00',
      time_zone: 'UTC',
      missed_run_policy: 'skip',
      last_run_status: null,
      relationships: { tasks: [] },
    }
    const table = await stage(SchedulesTable, {
      props: { schedules: [schedule], wayTo: () => '/', mayChange: true, actionsOf: () => [] },
      route,
    })
    await flushPromises()
    expect(table.text()).not.toContain('min')
    expect(table.findAll('time')).toHaveLength(0)
    table.leave()
  })
})

describe('SchedulesPreview', () => {
  it.each([
    ['0 4 * * 1-5', 'Monday to Friday at 04:00'],
    ['0 4 * * 1,3', 'Every Monday and Wednesday at 04:00'],
    ['30 2 1 * *', 'On day 1 of every month at 02:30'],
    ['*/10 * * * *', 'Every 10 minutes'],
    ['0 0 L * *', 'At 00:00, on the last day of the month'],
  ])('%s is "%s"', async (text, words) => {
    const [minute, hour, day_of_month, month, day_of_week] = text.split(' ')
    const shown = await stage(SchedulesPreview, {
      props: { cron: { minute, hour, day_of_month, month, day_of_week }, zone: 'UTC', isActive: true },
      route,
    })
    await flushPromises()
    expect(shown.text()).toContain(words)
    expect(shown.findAll('time').length).toBe(5)
    shown.leave()
  })

  it('tells the reader’s own time where the schedule keeps another', async () => {
    const cron = { minute: '0', hour: '4', day_of_month: '*', month: '*', day_of_week: '*' }
    const shown = await stage(SchedulesPreview, { props: { cron, zone: 'UTC', isActive: true }, route })
    expect(shown.text()).toContain('by your clock')
    await shown.change({ zone: 'Europe/Berlin' })
    expect(shown.text()).not.toContain('by your clock')
    await shown.change({ cron: { ...cron, day_of_month: '30', month: '2' } })
    expect(shown.text()).toContain('It is never due.')
    shown.leave()
  })
})

describe('SchedulesHistory', () => {
  const AT = '2026-11-24T03:00:00+00:00'
  const task = (sequence_id: number, values: object) => ({
    sequence_id,
    action: 'command',
    payload: 'say hello',
    status: 'succeeded',
    reason: null,
    detail: null,
    due_at: AT,
    started_at: AT,
    finished_at: AT,
    ...values,
  })
  const failed = {
    id: 'r1',
    trigger: 'manual',
    started_by: 'marta',
    status: 'failed',
    reason: 'backup_limit',
    started_at: AT,
    finished_at: AT,
    relationships: {
      tasks: [
        task(1, {}),
        task(2, { action: 'backup', payload: '', status: 'failed', reason: 'backup_limit', detail: '5' }),
        task(3, { status: 'skipped', reason: 'task_failed' }),
      ],
    },
  } as ScheduleRun

  it('opens a failed run at its task, with the reason in words', async () => {
    const open = vi.fn()
    const history = await stage(SchedulesHistory, {
      props: { runs: [failed], total: 1, perPage: 20, page: 1, opened: undefined, onOpen: open },
      route,
    })
    expect(history.text()).not.toContain('limit')
    await history.find('button').trigger('click')
    expect(open).toHaveBeenLastCalledWith('r1')
    await history.change({ opened: 'r1' })
    const text = flat(history.text())
    expect(text).toContain('Run by marta')
    expect(text).toContain('The limit of 5 backups is reached.')
    expect(text).toContain('A task before it failed.')
    expect(await faultsOf(history)).toEqual([])
    history.leave()
  })
})
