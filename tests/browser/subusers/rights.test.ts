import { flushPromises } from '@vue/test-utils'
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { SubusersRights, SubusersSlideover } from '#components'
import type { Subuser } from '#shared/contracts/client/subusers'
import { faultsOf } from '../panel/axe'
import { stage, within } from '../panel/stage'
import { signIn } from '../signed-in'

beforeAll(() => useNuxtApp().$language.open('server'))
beforeEach(() => signIn())

const holdsFiles = (right: ServerRight) => right.startsWith('file.') && right !== 'file.delete'

describe('SubusersRights', () => {
  const shownFor = (rights: ServerRight[], isHeld: (right: ServerRight) => boolean = () => true) =>
    stage(SubusersRights, {
      props: { modelValue: rights, isHeld, 'onUpdate:modelValue': () => undefined },
    })

  it('counts what is chosen of each group, and gives all of a group at once', async () => {
    const onUpdate = vi.fn()
    const shown = await stage(SubusersRights, {
      props: { modelValue: ['control.start'], isHeld: () => true, 'onUpdate:modelValue': onUpdate },
    })
    const [power] = shown.findAll('section')
    expect(power!.text()).toContain('1 of 4')
    await power!.get('[role=checkbox]').trigger('click')
    expect(onUpdate).toHaveBeenLastCalledWith(['control.console', 'control.start', 'control.stop', 'control.restart'])
    shown.leave()
  })

  it('locks what whoever grants does not have, and says why; all of a group leaves it as it is', async () => {
    const onUpdate = vi.fn()
    const shown = await stage(SubusersRights, {
      props: { modelValue: ['file.delete'], isHeld: holdsFiles, 'onUpdate:modelValue': onUpdate },
    })
    const lacking = shown.get('[data-right="file.delete"]')
    expect(lacking.text()).toContain('You do not have this yourself.')
    expect(lacking.get('[role=checkbox]').attributes('disabled')).toBeDefined()
    const files = shown.findAll('section')[1]!
    await files.get('[role=checkbox]').trigger('click')
    expect(onUpdate).toHaveBeenLastCalledWith([
      'file.read',
      'file.read-content',
      'file.create',
      'file.update',
      'file.delete',
      'file.archive',
      'file.sftp',
    ])
    shown.leave()
  })

  it('is sound', async () => {
    const shown = await shownFor(['control.start'], holdsFiles)
    expect(await faultsOf(shown)).toEqual([])
    shown.leave()
  })
})

describe('SubusersSlideover', () => {
  const alexis: Subuser = {
    uuid: '3c0e2f5c-6f5e-4c0e-9a54-6f3a7a1f2b10',
    username: 'alexis',
    email: 'alexis@example.test',
    image: '',
    '2fa_enabled': false,
    created_at: '2026-11-24T10:00:00+00:00',
    last_seen_at: null,
    avatar: null,
    permissions: ['websocket.connect', 'file.read', 'backup.restore'],
  }

  it('says what saving takes away, and sends no right that nobody may hand on', async () => {
    const submit = vi.fn()
    const shown = await stage(SubusersSlideover, {
      props: { open: true, subuser: alexis, isHeld: holdsFiles, onSubmit: submit },
    })
    await flushPromises()
    const dialog = document.querySelector('[role=dialog]')!
    expect(dialog.textContent).toContain('Saving takes 1 right away that you do not have yourself: Backups: Restore.')
    ;[...dialog.querySelectorAll('button')].find((one) => one.textContent?.trim() === 'Save')!.click()
    await vi.waitFor(() => expect(submit).toHaveBeenCalled())
    expect(submit.mock.calls[0]![0].permissions).toEqual(['websocket.connect', 'file.read'])
    shown.leave()
  })
})

describe('what was done', () => {
  const said = async (before: string[], after: string[]) => {
    const { doneText } = await within(() => useRightsText())
    return doneText({ name: 'alexis', before, after, server: 'Survival' })
  }

  it.each([
    [[], ['control.start', 'control.stop'], 'alexis can now start the server and stop the server.'],
    [['control.start', 'file.read'], ['file.read'], 'alexis can no longer start the server.'],
    [['file.read'], ['control.start'], 'alexis now has 1 of 39 rights on Survival.'],
    [['file.read'], ['websocket.connect'], 'alexis can now only watch the console of Survival.'],
  ])('from %o to %o', async (before, after, sentence) => {
    expect(await said(before, after)).toBe(sentence)
  })
})
