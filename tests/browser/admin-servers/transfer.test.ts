import { flushPromises } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { AdminServerTransferBackups, AdminServerTransferProgress, AdminServerTransferTarget } from '#components'
import type { TransferOptions } from '#shared/contracts/application/transfers'
import { faultsOf } from '../panel/axe'
import { stage } from '../panel/stage'
import { signIn } from '../signed-in'

beforeEach(async () => {
  signIn({ is_root_admin: true })
  await useRouter().replace('/admin/servers/1/manage')
})

/** Numbers and their units are held together. */
const plain = (text: string) => text.replaceAll('\u00A0', ' ')
const route = '/admin/servers/1/manage'
const transfer = {
  id: '1',
  status: 'running',
  source: { id: 1, name: 'fra-1' },
  target: { id: 2, name: 'hel-2' },
  target_allocation: 1,
  backups: [],
  attempt: 1,
  starts_after: false,
  reason: null,
  started_at: '2026-11-24T10:00:00+00:00',
  archived_at: null as string | null,
  finished_at: null,
  source_removed_at: null,
}
const at = '2026-11-24T10:00:20+00:00'

const progressOf = (more: object = {}, progress: object = { isSent: false }) =>
  stage(AdminServerTransferProgress, {
    props: {
      name: 'Survival',
      transfer: { ...transfer, ...more },
      cancel: { submit: vi.fn(), pending: ref(false), failure: ref() },
      progress,
      sentence: '',
    },
    route,
  })

describe('AdminServerTransferProgress', () => {
  it.each([
    ['Archive', {}, { isSent: false }],
    ['Send', { archived_at: at }, { isSent: false, done: 1024, total: 4096 }],
    ['Unpack', { archived_at: at }, { isSent: true }],
  ])('is at %s', async (step, more, progress) => {
    const shown = await progressOf(more, progress)
    expect(shown.find('[aria-current="step"]').text()).toBe(step)
    expect(shown.find('[role="progressbar"]').exists()).toBe(step === 'Send')
    expect(await faultsOf(shown)).toEqual([])
    shown.leave()
  })

  it('says how much is there, and never invents it', async () => {
    const shown = await progressOf({ archived_at: at }, { isSent: false })
    expect(shown.text()).not.toMatch(/%| of /)
    await shown.change({ progress: { isSent: false, done: 1024 ** 2, total: 4 * 1024 ** 2 } })
    expect(plain(shown.text())).toContain('1 MiB of 4 MiB')
    shown.leave()
  })

  it('says why it is sent once more', async () => {
    const shown = await progressOf({ attempt: 2, status: 'requested', reason: 'target_failed' })
    expect(shown.text()).toContain('hel-2 did not accept what it had received')
    shown.leave()
  })
})

describe('AdminServerTransferTarget', () => {
  it('says which room there is, and why a node cannot be', async () => {
    const targets = [
      { name: 'hel-2', memory_free: 4096, disk_free: null, obstacle: null },
      { name: 'ash-3', memory_free: 0, disk_free: 10, obstacle: 'flavour_differs' },
    ].map((one, index) => ({ ...one, id: index + 2, free_ports: 3, maintenance_mode: false }))
    const shown = await stage(AdminServerTransferTarget, { props: { targets, modelValue: null }, route })
    await shown.find('button').trigger('click')
    await flushPromises()
    const options = [...document.querySelectorAll('[role="option"]')]
    expect(options.map((one) => plain(one.textContent))).toEqual([
      expect.stringContaining('4 GiB memory, Unlimited disk left'),
      expect.stringContaining('another kind of Wings'),
    ])
    expect(options.map((one) => one.hasAttribute('data-disabled'))).toEqual([false, true])
    shown.leave()
  })
})

describe('AdminServerTransferBackups', () => {
  const options = (flavour: 'pelican' | 'pterodactyl', count: number): TransferOptions =>
    ({
      flavour,
      needed: { memory: 0, disk: 0, ports: 1 },
      targets: [],
      backups: Array.from({ length: count }, (_, index) => ({
        uuid: String(index),
        name: `Backup ${index}`,
        bytes: 1024 ** 3,
        created_at: at,
      })),
    }) as TransferOptions

  it.each([
    ['pelican', 2, 'The others are deleted with the old copy.', 2],
    ['pterodactyl', 2, '2 backups stay on fra-1', 0],
    ['pelican', 0, 'None of its backups lie on fra-1.', 0],
  ] as const)('on %s with %i', async (flavour, count, sentence, boxes) => {
    const shown = await stage(AdminServerTransferBackups, {
      props: { options: options(flavour, count), node: 'fra-1', modelValue: [] },
      route,
    })
    expect(shown.text()).toContain(sentence)
    expect(shown.findAll('[role="checkbox"]')).toHaveLength(boxes)
    shown.leave()
  })
})
