import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { h } from 'vue'
import { PanelListToolbar, PanelNav, PanelPageHeader, PanelStrip, PanelTabs } from '#components'
import type { SessionState } from '#shared/contracts/client/session'
import { signIn } from '../signed-in'
import { faultsOf } from './axe'
import { stage, within } from './stage'

beforeEach(() => signIn())

describe('useSession().mayAdminister', () => {
  it.each<[string, Partial<SessionState['user'] & object>, 'read' | 'write', boolean]>([
    ['nobody in particular', {}, 'read', false],
    ['a role that reads nodes', { grants: { nodes: 1 } }, 'read', true],
    ['a role that reads nodes, writing', { grants: { nodes: 1 } }, 'write', false],
    ['a role that only writes nodes', { grants: { nodes: 2 } }, 'read', false],
    ['a root administrator', { is_root_admin: true }, 'write', true],
  ])('for %s', (_, traits, level, expected) => {
    signIn(traits)
    expect(useSession().mayAdminister('nodes', level)).toBe(expected)
  })
})

describe('useNavigation', () => {
  // Every page there is to be, whether or not it is there yet.
  beforeEach(() => void vi.spyOn(useRouter(), 'resolve').mockReturnValue({ matched: [{}] } as never))
  afterEach(() => vi.restoreAllMocks())

  const labels = (groups: { items: { label: string }[] }[]) =>
    groups.flatMap(({ items }) => items.map(({ label }) => label))

  it.each([
    [
      'everything',
      () => true,
      ['Console', 'Files', 'Backups', 'Schedules', 'Databases', 'Network', 'Startup', 'Users', 'Activity', 'Settings'],
    ],
    ['one thing', (permission: string) => permission === 'backup.read', ['Console', 'Backups', 'Settings']],
    ['nothing', () => false, ['Console', 'Settings']],
  ])('of a server shows to whom is allowed %s what he may see', async (_, can, expected) => {
    expect(await within(() => labels(useNavigation().ofServer('8f0f7e5c', can)))).toEqual(expected)
  })

  it('of the administration keeps out what a role does not carry', async () => {
    expect(await within(() => labels(useNavigation().ofAdministration((resource) => resource === 'nodes')))).toEqual([
      'Overview',
      'Nodes',
    ])
  })

  it.each([
    ['announcements', '/admin/settings/announcements'],
    ['settings', '/admin/settings'],
  ])('leads who has a right to %s alone to %s', async (carried, to) => {
    const groups = await within(() => useNavigation().ofAdministration((resource) => resource === carried))
    expect(groups.flatMap(({ items }) => items.map((item) => item.to))).toEqual(['/admin', to])
  })
})

describe('PanelNav', () => {
  const groups = [
    {
      id: 'a',
      label: 'Servers',
      items: [
        {
          label: 'Nodes',
          icon: 'i-lucide-server-cog',
          to: '/',
          alert: { icon: 'i-lucide-unplug', count: '1', label: '1 node is silent' },
        },
        { label: 'Users', icon: 'i-lucide-users', to: '/admin/users', count: '88' },
      ],
    },
  ]

  it('marks where one is, and counts', async () => {
    const nav = await stage(PanelNav, { props: { groups, label: 'Administration' } })
    expect(nav.get('[aria-current="page"]').text()).toContain('Nodes')
    expect(nav.text()).toContain('88')
    expect(await faultsOf(nav)).toEqual([])
  })

  it('keeps its names when only icons are left', async () => {
    const nav = await stage(PanelNav, { props: { groups, label: 'Administration', collapsed: true } })
    expect(nav.findAll('a').map((link) => link.attributes('aria-label'))).toEqual(['Nodes', 'Users'])
    expect(nav.text()).toBe('')
  })
})

describe('PanelPageHeader', () => {
  it('ends the breadcrumb with the one heading', async () => {
    const header = await stage(PanelPageHeader, {
      props: { title: 'fra-2', parents: [{ label: 'Nodes', to: '/admin/nodes' }] },
    })
    expect(header.findAll('h1').map((one) => one.text())).toEqual(['fra-2'])
    expect(header.get('nav li a').text()).toBe('Nodes')
    expect(header.findAll('[role="status"]')).toHaveLength(0)
  })

  it('tells of a lost connection only after a while', async () => {
    noteConnection(true)
    const header = await stage(PanelPageHeader, { props: { title: 'Servers' } })
    expect(header.findComponent(PanelStrip).exists()).toBe(false)
    await new Promise((resolve) => setTimeout(resolve, 3100))
    expect(header.findComponent(PanelStrip).text()).toContain('Reconnecting')
    noteConnection(false)
    header.leave()
  })
})

describe('PanelTabs', () => {
  it('counts, and says where one is', async () => {
    const tabs = await stage(PanelTabs, {
      props: {
        label: 'fra-2',
        tabs: [
          { label: 'Overview', to: '/', exact: true },
          { label: 'Servers', to: '/x', count: 23 },
          { label: 'Allocations', to: '/y', count: 0 },
        ],
      },
    })
    expect(tabs.findAll('a').map((one) => one.text().replace(/\s+/g, ' '))).toEqual([
      'Overview',
      'Servers 23',
      'Allocations 0',
    ])
    expect(await faultsOf(tabs)).toEqual([])
  })
})

describe('PanelListToolbar', () => {
  const filters = [
    {
      name: 'state',
      label: 'State',
      options: [
        { value: 'running', label: 'Running' },
        { value: 'offline', label: 'Offline' },
      ],
    },
  ]
  const Toolbar = {
    setup: () => {
      const query = useListQuery()
      return () => h(PanelListToolbar, { query, filters })
    },
  }

  it('asks a moment after the last key, from the first page', async () => {
    const toolbar = await stage(Toolbar)
    const replace = vi.spyOn(useRouter(), 'replace')
    for (const text of ['s', 'su', 'sur']) await toolbar.get('input').setValue(text)
    expect(replace).not.toHaveBeenCalled()
    await vi.waitFor(() => expect(replace).toHaveBeenCalledTimes(1))
    expect(replace).toHaveBeenCalledWith(expect.objectContaining({ query: { search: 'sur' } }))
    expect(await faultsOf(toolbar)).toEqual([])
    vi.restoreAllMocks()
  })

  it('shows what is filtered as chips that can be taken away', async () => {
    const toolbar = await stage(Toolbar, { route: '/?state=running,offline&page=3' })
    const chip = toolbar
      .findAll('button')
      .find((one) => one.attributes('aria-label') === 'Remove filter State: Running')
    const replace = vi.spyOn(useRouter(), 'replace')
    await chip!.trigger('click')
    expect(replace).toHaveBeenCalledWith(expect.objectContaining({ query: { state: 'offline' } }))
    vi.restoreAllMocks()
  })
})
