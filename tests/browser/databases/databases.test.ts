import { registerEndpoint } from '@nuxt/test-utils/runtime'
import { flushPromises } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import {
  AdminDatabaseHostSlideover,
  AdminServerDatabase,
  DatabasesCreateModal,
  DatabasesRoom,
  DatabasesSlideover,
} from '#components'
import type { ManagedDatabase } from '#shared/contracts/application/server-databases'
import type { OfferedHost, ServerDatabase } from '#shared/contracts/client/databases'
import { stage } from '../panel/stage'
import { signIn } from '../signed-in'

const route = '/servers/8f0f7e5c/databases'
beforeEach(() => signIn())

const flat = () => (document.body.textContent ?? '').replaceAll(/[\s\u00A0]+/g, ' ')
const press = async (label: string) => {
  const buttons = [...document.querySelectorAll('button')]
  buttons.find((one) => one.textContent?.trim() === label || one.getAttribute('aria-label') === label)?.click()
  await flushPromises()
}

const database: ServerDatabase = {
  id: 'aBcD1234',
  host: { address: 'db1.kestrel.gg', port: 3306 },
  name: 's12_main',
  username: 'u12_x8',
  connections_from: '%',
  max_connections: null,
  meta: { engine: 'mysql', host_name: 'main', is_ready: true, needs_rotation: false },
}

describe('DatabasesRoom', () => {
  it.each([
    [{ used: 2, limit: 3, isOn: true, isFull: false }, '2 of 3 used'],
    [{ used: 3, limit: 3, isOn: true, isFull: true }, '3 of 3 databases are used. Delete one to make room.'],
    [{ used: 2, limit: null, isOn: true, isFull: false }, '2 databases'],
    [{ used: 1, limit: null, isOn: false, isFull: false }, 'Databases are switched off in this panel.'],
  ])('%o', async (props, text) => {
    const shown = await stage(DatabasesRoom, { props, route })
    expect(shown.text()).toContain(text)
    shown.leave()
  })
})

describe('DatabasesSlideover', () => {
  const open = (props: Record<string, unknown> = {}) =>
    stage(DatabasesSlideover, {
      props: { database, password: undefined, size: 2048, mayView: true, mayRotate: true, mayDelete: true, ...props },
      route,
    })

  it('asks for the password before it is shown, and prints whole addresses then', async () => {
    const show = vi.fn()
    const shown = await open({ onShow: show })
    await flushPromises()
    expect(flat()).toContain('mysql://u12_x8@db1.kestrel.gg:3306/s12_main')
    await press('Show password')
    expect(show).toHaveBeenCalledOnce()
    await shown.change({ password: 'a!b' })
    expect(flat()).toContain('mysql://u12_x8:a!b@db1.kestrel.gg:3306/s12_main')
    expect(flat()).toContain('jdbc:mysql://db1.kestrel.gg:3306/s12_main?user=u12_x8&password=a%21b')
    shown.leave()
  })

  it('says who may not see it, and offers only what one may', async () => {
    const shown = await open({ mayView: false, mayRotate: false, mayDelete: false })
    await flushPromises()
    expect(flat()).toContain('You may not see the password.')
    for (const label of ['Show password', 'Rotate password', 'Delete database'])
      expect([...document.querySelectorAll('button')].some((one) => one.textContent?.trim() === label)).toBe(false)
    shown.leave()
  })
})

describe('AdminServerDatabase', () => {
  it.each([
    ['mysql', 'MySQL or MariaDB', true],
    ['postgresql', 'PostgreSQL', false],
  ] as const)(
    'says of %s from where it takes connections only where it can tell them apart',
    async (engine, kind, says) => {
      const managed: ManagedDatabase = {
        id: 3,
        server: 12,
        host: 1,
        database: 's12_main',
        username: 'u12_x8',
        remote: '%',
        max_connections: null,
        created_at: '2026-11-24T03:00:00+00:00',
        updated_at: '2026-11-24T03:00:00+00:00',
        meta: { engine, is_ready: true, needs_rotation: false },
      }
      signIn({ is_root_admin: true })
      const shown = await stage(AdminServerDatabase, {
        props: { database: managed, password: undefined, mayChange: true },
        route: '/admin/servers/12/databases',
      })
      await flushPromises()
      expect(flat()).toContain(kind)
      expect(flat().includes('Connections from')).toBe(says)
      shown.leave()
    },
  )
})

describe('DatabasesCreateModal', () => {
  const host = (id: number, values: Partial<OfferedHost> = {}): OfferedHost => ({
    id,
    name: `db${id}`,
    engine: 'mysql',
    address: 'db',
    port: 3306,
    has_room: true,
    ...values,
  })
  const fillName = async (name: string) => {
    const field = document.querySelector<HTMLInputElement>('[role="dialog"] input:not([type="checkbox"])')!
    field.value = name
    field.dispatchEvent(new Event('input'))
    await flushPromises()
  }

  it('leaves the choice to the panel where there is none, and lets connections come from anywhere', async () => {
    const submit = vi.fn()
    const shown = await stage(DatabasesCreateModal, { props: { hosts: [host(1)], onSubmit: submit }, route })
    await flushPromises()
    await fillName('main')
    await press('Create database')
    expect(submit).toHaveBeenLastCalledWith({ database: 'main', remote: '%' })
    shown.leave()
  })

  it('names the first host with room where there are several, and asks no address for PostgreSQL', async () => {
    const submit = vi.fn()
    const hosts = [host(1, { has_room: false }), host(2, { engine: 'postgresql' })]
    const shown = await stage(DatabasesCreateModal, { props: { hosts, onSubmit: submit }, route })
    await flushPromises()
    expect(flat()).not.toContain('Only from one address')
    await fillName('main')
    await press('Create database')
    expect(submit).toHaveBeenLastCalledWith({ database: 'main', remote: '%', host: 2 })
    shown.leave()
  })
})

describe('AdminDatabaseHostSlideover', () => {
  it('shows in place what the host itself said', async () => {
    signIn({ is_root_admin: true })
    registerEndpoint('/api/application/nodes', () => ({
      object: 'list',
      data: [],
      meta: {
        pagination: { total: 0, count: 0, per_page: 50, current_page: 1, total_pages: 1, links: {} },
      },
    }))
    const error = `Access denied for user 'xyra'@'10.0.0.1' (using password: YES)`
    const check = { ok: false, ms: 3, version: null, is_encrypted: null, error }
    const host = {
      id: 1,
      name: 'main',
      host: 'db1',
      port: 3306,
      username: 'xyra',
      node: null,
      engine: 'mysql',
      tls_mode: 'prefer',
      max_databases: null,
      public_host: null,
      public_port: null,
      nodes: [],
      databases_count: 0,
      checked_at: null,
      failure: null,
      created_at: '2026-11-24T03:00:00+00:00',
      updated_at: '2026-11-24T03:00:00+00:00',
    }
    const shown = await stage(AdminDatabaseHostSlideover, {
      props: { open: true, host, check },
      route: '/admin/database-hosts',
    })
    await flushPromises()
    expect(flat()).toContain('The host does not let the panel work.')
    expect(flat()).toContain(error)
    shown.leave()
  })
})
