import { describe, expect, it } from 'vitest'
import { ref } from 'vue'
import { PanelBulkBar, PanelList, PanelMore, PanelPortInput } from '#components'
import { faultsOf } from './axe'
import { stage } from './stage'

const slots = { default: () => 'the rows', empty: () => 'nothing yet' }

function query({ term = '', filters = {} }: { term?: string; filters?: Record<string, string[]> } = {}) {
  const cleared: (readonly string[] | undefined)[] = []
  return {
    cleared,
    query: {
      term: ref(term),
      filter: (name: string) => filters[name] ?? [],
      clear: (names?: readonly string[]) => cleared.push(names),
    },
  }
}

const show = (props: object, asked = query()) => stage(PanelList, { props: { query: asked.query, ...props }, slots })

describe('PanelList', () => {
  it('says nothing before there is anything to say', async () => {
    const shown = await show({ items: undefined })
    expect(shown.text()).toBe('')
    expect(shown.find('[aria-hidden="true"]').exists()).toBe(true)
  })

  it('shows the rows', async () => {
    expect((await show({ items: [1] })).text()).toBe('the rows')
  })

  it('leaves rows where they are when a later call fails', async () => {
    expect((await show({ items: [1], error: new Error('no') })).text()).toBe('the rows')
  })

  it('says why there is nothing, and tries again', async () => {
    const shown = await show({ items: undefined, error: new Error('no') })
    await shown.find('button').trigger('click')
    expect(shown.emitted('retry')).toHaveLength(1)
  })

  it('tells an empty list from one that was narrowed', async () => {
    expect((await show({ items: [] })).text()).toBe('nothing yet')
    expect((await show({ items: [] }, query({ term: 'smp' }))).text()).toContain('smp')
    const filtered = query({ filters: { state: ['online'] } })
    expect((await show({ items: [] }, filtered)).text()).toBe('nothing yet')
    expect((await show({ items: [], filters: ['state'] }, filtered)).text()).not.toBe('nothing yet')
  })

  it('forgets what narrowed it', async () => {
    const asked = query({ filters: { state: ['online'] } })
    const shown = await show({ items: [], filters: ['state'] }, asked)
    await shown.find('button').trigger('click')
    expect(asked.cleared).toEqual([['state']])
  })

  it('keeps to its rows where nothing is said of an empty one', async () => {
    const shown = await stage(PanelList, {
      props: { query: query().query, items: [] },
      slots: { default: () => 'the rows' },
    })
    expect(shown.text()).toBe('the rows')
  })
})

describe('PanelBulkBar', () => {
  const words = { label: 'Chosen', allLabel: 'Choose all 30', clearLabel: 'Choose none' }

  it('offers all there are as long as some are not chosen', async () => {
    const shown = await stage(PanelBulkBar, { props: { count: 2, total: 30, ...words } })
    expect(shown.text()).toContain('2')
    await shown.findAll('button')[0]?.trigger('click')
    await shown.get('[aria-label="Choose none"]').trigger('click')
    expect([shown.emitted('all'), shown.emitted('clear')]).toEqual([[[]], [[]]])
    await shown.change({ count: 30 })
    expect(shown.text()).not.toContain('Choose all')
  })

  it('is sound', async () => {
    expect(await faultsOf(await stage(PanelBulkBar, { props: { count: 2, total: 30, ...words } }))).toEqual([])
  })
})

describe('PanelMore', () => {
  it('is closed until somebody opens it', async () => {
    const shown = await stage(PanelMore, { props: { label: 'Advanced' }, slots: { default: () => 'rare' } })
    expect(shown.text()).toBe('Advanced')
    await shown.get('button').trigger('click')
    expect(shown.text()).toContain('rare')
  })
})

it('PanelPortInput prints a port without the mark of thousands', async () => {
  const shown = await stage(PanelPortInput, { props: { modelValue: 25_565 } })
  expect((shown.get('input').element as HTMLInputElement).value).toBe('25565')
})
