import { describe, expect, it } from 'vitest'
import {
  PanelConfirmModal,
  PanelEmptyState,
  PanelErrorAlert,
  PanelForbidden,
  PanelNoMatch,
  PanelPagination,
  PanelStrip,
} from '#components'
import { faultsOf } from './axe'
import { stage } from './stage'

const refused = (reason: string, values = {}) => ({
  data: { errors: [{ code: 'X', status: '400', detail: 'In English.', meta: { reason, ...values } }] },
  requestId: '0d9f-7e52',
})

describe('PanelErrorAlert', () => {
  it.each([
    [
      'our sentence, with the values of the reply',
      refused('sign_in.locked', { seconds: 42 }),
      'Too many tries. Wait 42 seconds.',
    ],
    ['the sentence of the reply where the dictionary has none', refused('never.heard_of'), 'In English.'],
    [
      'something where nobody said anything',
      new Error('undefined is not a function'),
      'Something in the panel failed.',
    ],
  ])('says %s', async (_, error, expected) => {
    const alert = await stage(PanelErrorAlert, { props: { error } })
    expect(alert.text()).toContain(expected)
    expect(alert.text()).not.toContain('undefined is not')
  })

  it('names the request, and asks again', async () => {
    const alert = await stage(PanelErrorAlert, { props: { error: refused('internal') } })
    expect(alert.text()).toContain('0d9f-7e52')
    await alert.findAll('button').at(-1)!.trigger('click')
    expect(alert.emitted('retry')).toHaveLength(1)
    expect(await faultsOf(alert)).toEqual([])
  })
})

describe('designed states', () => {
  it('an empty list: a sentence, and what to do', async () => {
    const state = await stage(PanelEmptyState, {
      props: { icon: 'i-lucide-key-round', title: 'No API keys.' },
      slots: { default: () => 'Create' },
    })
    expect(state.text()).toBe('No API keys.Create')
    expect(await faultsOf(state)).toEqual([])
  })

  it.each([
    ['names its owner', { owner: 'marta' }, 'Its owner, marta, can allow it.'],
    ['names nobody where it cannot', {}, 'Whoever runs this panel can allow it.'],
  ])('forbidden %s', async (_, props, expected) => {
    const state = await stage(PanelForbidden, {
      props: { what: 'You may not see the backups of this server.', ...props },
    })
    expect(state.text()).toContain(expected)
  })

  it('no match: what was searched for, and the way out', async () => {
    const state = await stage(PanelNoMatch, { props: { term: 'surv' } })
    expect(state.text()).toContain('Nothing matches “surv”.')
    await state.get('button').trigger('click')
    expect(state.emitted('clear')).toHaveLength(1)
  })

  it('a strip is told politely', async () => {
    const strip = await stage(PanelStrip, {
      props: { icon: 'i-lucide-wrench', title: 'Node fra-1 is in maintenance.', text: 'Until 12:00.' },
    })
    expect(strip.get('[role="status"]').text()).toBe('Node fra-1 is in maintenance. Until 12:00.')
    expect(await faultsOf(strip)).toEqual([])
  })
})

describe('PanelPagination', () => {
  it.each([
    [{ page: 1, perPage: 25, total: 214 }, '1–25 of 214', true],
    [{ page: 9, perPage: 25, total: 214 }, '201–214 of 214', true],
    [{ page: 1, perPage: 25, total: 7 }, '1–7 of 7', false],
    [{ page: 1, perPage: 25, total: 10_000 }, '1–25 of 10,000', true],
  ])('%o is %s', async (props, expected, hasPages) => {
    const pagination = await stage(PanelPagination, { props })
    expect(pagination.get('p').text()).toBe(expected)
    expect(pagination.find('nav').exists()).toBe(hasPages)
  })

  it('says nothing of no rows', async () => {
    const pagination = await stage(PanelPagination, { props: { page: 1, perPage: 25, total: 0 } })
    expect(pagination.text()).toBe('')
  })
})

describe('PanelConfirmModal', () => {
  const question = {
    open: true,
    title: 'Delete Survival?',
    body: 'Its files, 3 backups and 2 databases are lost for good.',
    action: 'Delete Survival',
  }
  const dialog = () => document.querySelector<HTMLElement>('[role="dialog"]')!
  const button = (label: string) =>
    [...dialog().querySelectorAll('button')].find((one) => one.textContent?.trim() === label)!

  it('asks with the name and repeats the verb', async () => {
    const modal = await stage(PanelConfirmModal, { props: question })
    expect(dialog().textContent).toContain('Delete Survival?')
    button('Delete Survival').click()
    expect(modal.emitted('close')).toEqual([[true]])
    modal.leave()
  })

  it('answers no to Cancel', async () => {
    const modal = await stage(PanelConfirmModal, { props: question })
    button('Cancel').click()
    expect(modal.emitted('close')).toEqual([[false]])
    modal.leave()
  })

  it('does nothing before the name was typed', async () => {
    const modal = await stage(PanelConfirmModal, { props: { ...question, typed: 'Survival' } })
    button('Delete Survival').click()
    expect(modal.emitted('close')).toBeUndefined()

    const field = dialog().querySelector('input')!
    field.value = 'Survival'
    field.dispatchEvent(new Event('input'))
    button('Delete Survival').click()
    expect(modal.emitted('close')).toEqual([[true]])
    modal.leave()
  })
})
