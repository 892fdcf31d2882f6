import { flushPromises } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { BackupsRestoreModal, BackupsRoom, BackupsState } from '#components'
import type { Backup } from '#shared/contracts/client/backups'
import { stage } from '../panel/stage'
import { signIn } from '../signed-in'

beforeEach(() => signIn())

const NOW = new Date().toISOString()
const place = { kind: 'node' as const, name: 'fra-1', is_left_behind: false }
const backup = (values: Partial<Backup> = {}): Backup => ({
  uuid: '3c0e2f5c-6f5e-4c0e-9a54-6f3a7a1f2b10',
  is_successful: true,
  is_locked: false,
  is_scheduled: false,
  name: 'Before update',
  ignored_files: [],
  checksum: null,
  bytes: 1024,
  created_at: NOW,
  completed_at: NOW,
  meta: { failure: null, place },
  ...values,
})

describe('BackupsState', () => {
  it.each<[string, Partial<Backup>]>([
    ['Done', {}],
    ['Running', { completed_at: null, is_successful: false }],
    ['Failed: the node restarted', { is_successful: false, meta: { failure: 'node_restarted', place } }],
    ['Failed', { is_successful: false, meta: { failure: 'a word of another panel', place } }],
    ['Out of reach on fra-1', { meta: { failure: null, place: { ...place, is_left_behind: true } } }],
  ])('says %s', async (text, values) => {
    const shown = await stage(BackupsState, { props: { backup: backup(values) } })
    expect(shown.text()).toMatch(new RegExp(`^${text}(\\s|$)`))
    expect(shown.text()).not.toContain('%')
    shown.leave()
  })
})

describe('BackupsRoom', () => {
  it.each([
    [{ isFull: false, nextAt: null }, '3 of 5 used'],
    [{ isFull: true, nextAt: null }, '3 of 5 backups are used. Delete one to make room.'],
    [{ isFull: false, nextAt: '2026-11-24T14:32:00+00:00' }, 'The next can be made at'],
  ])('explains why there is no room: %o', async (props, text) => {
    const shown = await stage(BackupsRoom, { props: { used: 3, limit: 5, bytes: 2048, ...props } })
    expect(shown.text().replaceAll(/\s+/g, ' ')).toContain(text)
    shown.leave()
  })
})

describe('BackupsRestoreModal', () => {
  const press = async () => {
    const button = [...document.querySelectorAll('button')].find((one) => one.textContent?.trim() === 'Restore')
    button?.click()
    await flushPromises()
  }

  it('keeps what is not in the backup, and wants the name of the server before it deletes that', async () => {
    const submit = vi.fn()
    const shown = await stage(BackupsRestoreModal, {
      props: { backup: backup(), server: 'Survival', onSubmit: submit },
    })
    await flushPromises()
    await press()
    expect(submit).toHaveBeenLastCalledWith(false)

    document.querySelector<HTMLElement>('[role="switch"]')?.click()
    await flushPromises()
    await press()
    expect(submit).toHaveBeenCalledTimes(1)

    const field = document.querySelector<HTMLInputElement>('[role="dialog"] input:not([type="checkbox"])')!
    field.value = 'Survival'
    field.dispatchEvent(new Event('input'))
    await flushPromises()
    await press()
    expect(submit).toHaveBeenLastCalledWith(true)
    shown.leave()
  })
})
