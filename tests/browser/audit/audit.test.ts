import { describe, expect, it } from 'vitest'
import type { AuditEvent } from '#shared/contracts/application/audit'
import { AdminAuditRow } from '#components'
import { stage } from '../panel/stage'
import { signIn } from '../signed-in'

const eventOf = (traits: Partial<AuditEvent>): AuditEvent => ({
  id: '019a0000-0000-7000-8000-000000000001',
  event: 'admin:node.update',
  batch: null,
  actor: { type: 'user', id: 1, uuid: 'u', name: 'marta' },
  impersonator: null,
  api_key: null,
  ip: '198.51.100.9',
  object: { type: 'node', id: '3', name: 'fra-1', former_name: null },
  server: null,
  properties: { before: { memory: 1024 }, after: { memory: 2048 } },
  timestamp: '2026-11-24T10:16:00+00:00',
  ...traits,
})

const shown = async (traits: Partial<AuditEvent>) => {
  signIn({ is_root_admin: true })
  await Promise.all((['admin', 'activity'] as const).map((area) => useNuxtApp().$language.open(area)))
  return stage(AdminAuditRow, { props: { event: eventOf(traits) } })
}

describe('a row of the audit', () => {
  it.each<[Partial<AuditEvent>, string]>([
    [{}, 'marta changed a node · fra-1'],
    [{ object: { type: 'node', id: '3', name: null, former_name: 'ash-1' } }, 'marta changed a node · ash-1'],
    [
      {
        event: 'admin:location.update',
        object: { type: 'location', id: '2', name: null, former_name: null },
        properties: { short: 'ams' },
      },
      'marta changed a location',
    ],
    [{ impersonator: { id: 9, uuid: 'r', name: 'root' } }, 'root, acting as this person'],
    [{ api_key: 'ptla_0123456789a' }, 'key “ptla_0123456789a”'],
    [{ actor: { type: 'system', id: null, uuid: null, name: 'system' } }, 'The panel changed a node'],
  ])('%j says %s', async (traits, expected) => {
    expect((await shown(traits)).text()).toContain(expected)
  })

  it('says no number of what is gone without a name', async () => {
    const row = await shown({ object: { type: 'node', id: '3', name: null, former_name: null } })
    expect(row.text()).toContain('marta changed a node')
    expect(row.text()).not.toContain('#')
  })

  it('tells what was before and after when it is opened, and leads to the thing', async () => {
    const row = await shown({ properties: { before: { name: '<b>' }, after: { name: 'new' }, password: true } })
    expect(row.text()).not.toContain('new')
    await row.get('button').trigger('click')
    expect(row.text()).toContain('name<b>new')
    expect(row.find('b').exists()).toBe(false)
    expect(row.find('a[href="/admin/nodes/3"]').exists()).toBe(true)
  })
})
