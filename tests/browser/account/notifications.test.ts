import { registerEndpoint } from '@nuxt/test-utils/runtime'
import { describe, expect, it, vi } from 'vitest'
import type { Notification, NotificationPreference } from '#shared/contracts/client/notifications'
import { NOTIFICATION_NAMES, SERVER_KINDS } from '#shared/notifications'
import { NotificationsList, NotificationsMatrix, NotificationsRunning } from '#components'
import { faultsOf } from '../panel/axe'
import { stage } from '../panel/stage'
import { signIn } from '../signed-in'

const route = '/account/notifications'

const itemOf = (traits: Partial<Notification>): Notification => ({
  id: 'a',
  kind: 'server.installed',
  slots: { server: 'Survival' },
  server: '8f0f7e5c',
  node: null,
  read_at: null,
  created_at: '2026-11-24T10:16:00+00:00',
  ...traits,
})

describe('the inbox', () => {
  it.each<[Partial<Notification>, string, string | undefined]>([
    [{}, 'Survival is installed.', '/servers/8f0f7e5c'],
    [
      { kind: 'server.backup-failed', slots: { server: 'Survival', backup: 'Nightly' } },
      'The backup Nightly of Survival failed.',
      '/servers/8f0f7e5c/backups',
    ],
    [{ kind: 'server.removed', server: null }, 'Survival is no longer shared with you.', undefined],
    [
      { kind: 'node.silent', slots: { node: 'fra-1' }, server: null, node: 7 },
      'Node fra-1 is not answering. Its servers may still be running.',
      '/admin/nodes/7',
    ],
    [{ kind: 'account.password-changed', server: null }, 'Your password was changed.', '/account/security'],
    [{ kind: 'never.heard-of', server: null }, 'Something happened.', undefined],
    [
      { slots: { server: '<img src=x onerror=alert(1)>' } },
      '<img src=x onerror=alert(1)> is installed.',
      '/servers/8f0f7e5c',
    ],
  ])('%j says %s', async (traits, text, to) => {
    signIn({})
    const list = await stage(NotificationsList, { props: { items: [itemOf(traits)] }, route })
    expect(list.text()).toContain(text)
    expect(list.find('a').exists() ? list.get('a').attributes('href') : undefined).toBe(to)
    expect(list.find('img').exists()).toBe(false)
  })

  it('is read one by one; what was read has nothing to press', async () => {
    signIn({})
    const items = [itemOf({ id: 'new' }), itemOf({ id: 'old', read_at: '2026-11-24T10:17:00+00:00' })]
    const list = await stage(NotificationsList, { props: { items }, route })
    expect(list.findAll('button')).toHaveLength(1)
    await list.get('button').trigger('click')
    expect(list.emitted('read')).toEqual([['new']])
    expect(await faultsOf(list)).toEqual([])
  })
})

it('below the bell stands what is under way at servers', async () => {
  signIn({})
  await useNuxtApp().$language.open('notifications')
  const server = (traits: object) => ({
    object: 'server',
    attributes: { status: null, is_transferring: false, ...traits },
  })
  registerEndpoint('/api/client', () => ({
    object: 'list',
    data: [
      server({ uuid: '1', identifier: 'a1', name: 'Survival', status: 'installing' }),
      server({ uuid: '2', identifier: 'b2', name: 'Creative' }),
      server({ uuid: '3', identifier: 'c3', name: 'Lobby', is_transferring: true }),
      server({ uuid: '4', identifier: 'd4', name: 'Old', status: 'suspended' }),
    ],
    meta: { pagination: { total: 4, count: 4, per_page: 100, current_page: 1, total_pages: 1, links: {} } },
  }))
  registerEndpoint('/api/client/backups', () => ({
    object: 'list',
    data: [
      {
        object: 'running_backup',
        attributes: {
          uuid: '019a0000-0000-7000-8000-000000000001',
          name: 'Nightly',
          server: { identifier: 'b2', name: 'Creative' },
          created_at: new Date(Date.now() - 125_000).toISOString(),
        },
      },
    ],
  }))
  const running = await stage(NotificationsRunning, { route })
  await vi.waitFor(() => expect(running.findAll('li')).toHaveLength(3))
  const rows = running.findAll('li').map((one) => one.text().replaceAll(/\s+/g, ' '))
  expect(rows.slice(0, 2)).toEqual(['Survival Installing', 'Lobby Transferring'])
  expect(rows[2]).toMatch(/^Creative ?Backup 2 min$/)
  expect(running.findAll('a').map((one) => one.attributes('href'))).toEqual([
    '/servers/a1',
    '/servers/c3',
    '/servers/b2/backups',
  ])
  expect(await faultsOf(running)).toEqual([])
})

describe('the matrix', () => {
  const row = (kind: NotificationPreference['kind'], traits = {}): NotificationPreference => ({
    kind,
    bell: true,
    mail: false,
    is_own: false,
    ...traits,
  })

  it('names every kind, and has no switch for what is always told', async () => {
    signIn({})
    const matrix = await stage(NotificationsMatrix, {
      props: { preferences: NOTIFICATION_NAMES.map((kind) => row(kind)) },
      route,
    })
    expect(matrix.text()).not.toContain('notifications.')
    expect(matrix.get('[data-kind="account.password-changed"]').text()).toContain('Always')
    expect(matrix.findAll('[data-kind="account.password-changed"] button')).toHaveLength(0)
    expect(matrix.findAll('[data-kind="server.installed"] [role="switch"]')).toHaveLength(2)
    expect(await faultsOf(matrix)).toEqual([])
  })

  it('chooses both of a row at once, shows the wish, and goes back to what counts everywhere', async () => {
    signIn({})
    const preferences = SERVER_KINDS.map((kind) => row(kind, { is_own: kind === 'server.installed' }))
    const matrix = await stage(NotificationsMatrix, { props: { preferences, ofServer: true }, route })
    const [, mail] = matrix.findAll('[data-kind="server.installed"] [role="switch"]')
    await mail!.trigger('click')
    expect(mail!.attributes('aria-checked')).toBe('true')
    const back = matrix.findAll('button').find((button) => button.text() === 'As everywhere')
    await back!.trigger('click')
    expect(matrix.emitted('choose')).toEqual([
      [{ kind: 'server.installed', bell: true, mail: true }],
      [{ kind: 'server.installed', bell: null, mail: null }],
    ])
  })

  it('takes one choice at a time, and shows what counts once it ended', async () => {
    signIn({})
    const preferences = SERVER_KINDS.map((kind) => row(kind))
    const matrix = await stage(NotificationsMatrix, { props: { preferences }, route })
    const [, mail] = matrix.findAll('[data-kind="server.installed"] [role="switch"]')
    await mail!.trigger('click')
    await matrix.change({ pending: true })
    expect(mail!.attributes('aria-checked')).toBe('true')
    expect(matrix.findAll('[role="switch"]').every((one) => 'disabled' in one.attributes())).toBe(true)
    // Refused, and nothing new came.
    await matrix.change({ pending: false })
    expect(mail!.attributes('aria-checked')).toBe('false')
  })
})
