import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { AccountSshKeyModal } from '#components'
import { stage } from '../panel/stage'

const LINE = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFuRq ada@laptop of hers'

const field = <Kind extends HTMLElement>(selector: string): Kind => {
  const found = document.querySelector<Kind>(`[role=dialog] ${selector}`)
  if (!found) throw new Error(`There is no ${selector}.`)
  return found
}

async function type(selector: string, text: string) {
  const input = field<HTMLTextAreaElement>(selector)
  input.value = text
  input.dispatchEvent(new Event('input', { bubbles: true }))
  await flushPromises()
}

async function submit() {
  field<HTMLFormElement>('form').dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }))
  await flushPromises()
}

describe('AccountSshKeyModal', () => {
  it('names a key by its comment, and hands on what was pasted', async () => {
    const modal = await stage(AccountSshKeyModal, { props: { open: true } })
    await flushPromises()
    await type('textarea', LINE)
    expect(field<HTMLInputElement>('input[maxlength]').value).toBe('ada@laptop of hers')
    await submit()
    expect(modal.emitted('submit')).toEqual([[{ name: 'ada@laptop of hers', public_key: LINE }]])
    modal.leave()
  })

  it('keeps a name that was typed', async () => {
    const modal = await stage(AccountSshKeyModal, { props: { open: true } })
    await flushPromises()
    await type('input[maxlength]', 'Desk')
    await type('textarea', LINE)
    expect(field<HTMLInputElement>('input[maxlength]').value).toBe('Desk')
    modal.leave()
  })

  it('does not hand on a private key', async () => {
    const modal = await stage(AccountSshKeyModal, { props: { open: true } })
    await flushPromises()
    await type('textarea', '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----')
    await type('input[maxlength]', 'Desk')
    await submit()
    expect(modal.emitted('submit')).toBeUndefined()
    expect(field('form').textContent).toContain('private half')
    modal.leave()
  })

  it('says at the field that a chosen file is too large for a key, until one fits', async () => {
    await useNuxtApp().$language.open('account')
    const modal = await stage(AccountSshKeyModal, { props: { open: true } })
    await flushPromises()
    const choose = async (file: File) => {
      const chooser = field<HTMLInputElement>('input[type=file]')
      Object.defineProperty(chooser, 'files', { value: [file], configurable: true })
      chooser.dispatchEvent(new Event('change', { bubbles: true }))
      await flushPromises()
    }

    await choose(new File(['x'.repeat(64 * 1024 + 1)], 'backup.tar'))
    expect(field('form').textContent).toContain('backup.tar has 64')
    expect(field<HTMLTextAreaElement>('textarea').getAttribute('aria-invalid')).toBe('true')

    await choose(new File([LINE], 'id.pub'))
    expect(field<HTMLTextAreaElement>('textarea').value).toBe(LINE)
    expect(field('form').textContent).not.toContain('backup.tar')
    modal.leave()
  })
})
