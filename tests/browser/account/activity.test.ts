import { describe, expect, it } from 'vitest'
import type { ActivityLog } from '#shared/contracts/client/activity'
import { ActivityList, ActivityRow } from '#components'
import { stage, within } from '../panel/stage'
import { signIn } from '../signed-in'

const rowOf = (traits: Partial<ActivityLog>): ActivityLog => ({
  id: 'a',
  batch: null,
  event: 'server:power.stop',
  is_api: false,
  ip: '198.51.100.9',
  description: null,
  properties: {},
  has_additional_metadata: false,
  timestamp: '2026-11-24T10:16:00+00:00',
  relationships: { origin: { kind: 'user', name: 'marta', avatar: null, impersonator: null, key: null } },
  ...traits,
})

const shown = async (traits: Partial<ActivityLog>) =>
  stage(ActivityRow, { props: { row: rowOf(traits) }, route: '/account/activity' })

describe('a row of the log', () => {
  it.each<[Partial<ActivityLog>, string]>([
    [{}, 'marta stopped the server'],
    [
      { event: 'server:file.delete', properties: { directory: '/plugins/', files: ['a.jar'], count: 1 } },
      'marta deleted a.jar in /plugins/',
    ],
    [
      { event: 'server:file.delete', properties: { directory: '/plugins/', files: ['a', 'b', 'c'], count: 3 } },
      'marta deleted 3 files in /plugins/',
    ],
    [{ event: 'server:backup.restore-failed' }, 'The backup – could not be restored'],
    [{ event: 'server:never.heard-of' }, 'Something happened: server:never.heard-of'],
    [{ relationships: undefined }, 'The panel stopped the server'],
  ])('%j says %s', async (traits, expected) => {
    signIn({})
    expect((await shown(traits)).text()).toContain(expected)
  })

  it('names the administrator and the key behind it, and tells the rest when it is opened', async () => {
    signIn({})
    const row = await shown({
      event: 'admin:server.build',
      properties: { before: { memory: 1024 }, after: { memory: 2048 }, note: '<img src=x onerror=alert(1)>' },
      relationships: { origin: { kind: 'user', name: 'marta', avatar: null, impersonator: 'root', key: 'bot' } },
    })
    expect(row.text()).toContain('root, acting as this person')
    expect(row.text()).toContain('key “bot”')
    expect(row.text()).not.toContain('2048')
    await row.get('button').trigger('click')
    expect(row.text()).toContain('memory10242048')
    // sec-14: what somebody typed is text.
    expect(row.find('img').exists()).toBe(false)
    expect(row.text()).toContain('<img src=x onerror=alert(1)>')
  })
})

describe('the log', () => {
  it('stands by days of the reader, and what is new waits for him', async () => {
    signIn({ time_zone: 'Europe/Berlin' })
    const items = [
      rowOf({ id: 'b', timestamp: '2026-11-24T23:30:00+00:00' }),
      rowOf({ id: 'a', timestamp: '2026-11-24T22:30:00+00:00' }),
    ]
    const list = await stage(ActivityList, {
      props: { items, fresh: 3, total: 60, hasMore: true, isFetchingMore: false },
      route: '/account/activity',
    })
    expect(list.findAll('h2').map((title) => title.text())).toEqual([
      'Wednesday, 25 November 2026',
      'Tuesday, 24 November 2026',
    ])
    const press = (name: string) =>
      list
        .findAll('button')
        .find((button) => button.text() === name)
        ?.trigger('click')
    await press('3 new')
    await press('Show older')
    expect([list.emitted('showFresh'), list.emitted('more')]).toMatchObject([[[]], [[]]])
    expect(list.text()).toContain('60 entries')
  })
})

describe('what a log is narrowed to', () => {
  it('is asked for by the events of a group, and stands in the address as one word', async () => {
    const groups = { console: 'server:power,server:console', backups: 'server:backup' }
    const { query, filters } = await within(() => {
      const list = useListQuery()
      return { query: list, filters: useActivityFilters(list, groups) }
    })
    await useRouter().replace({ query: { event: 'console,backups,auth:' } })
    expect(query.filter('event')).toEqual(['console', 'backups', 'auth:'])
    expect(filters().event).toBe('server:power,server:console,server:backup,auth:')
  })
})
