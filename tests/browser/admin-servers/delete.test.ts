import { flushPromises } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { AdminServerDelete } from '#components'
import { stage } from '../panel/stage'
import { signIn } from '../signed-in'

beforeEach(() => signIn({ is_root_admin: true }))

const pick = (text: string) => [...document.querySelectorAll('button')].find((one) => one.textContent?.trim() === text)

async function open(status: number) {
  const failure = shallowRef<unknown>()
  const submit = vi.fn(async () => {
    failure.value = { statusCode: status, data: { errors: [{ detail: 'No.', meta: { reason: 'node.unreachable' } }] } }
    return undefined
  })
  await useRouter().replace('/admin/servers/1/manage')
  const shown = await stage(AdminServerDelete, {
    props: { name: 'Survival', remove: { submit, pending: ref(false), failure } },
    route: '/admin/servers/1/manage',
  })
  await flushPromises()
  return { shown, submit }
}

async function type(text: string) {
  const field = document.querySelector<HTMLInputElement>('[role="dialog"] input')
  if (!field) throw new Error('There is no field for the name.')
  field.value = text
  field.dispatchEvent(new Event('input'))
  await flushPromises()
}

async function press() {
  pick('Delete server')?.click()
  await flushPromises()
}

describe('AdminServerDelete', () => {
  it('wants the name first', async () => {
    const { shown, submit } = await open(504)
    await press()
    expect(submit).not.toHaveBeenCalled()
    await type('Survival')
    await press()
    expect(submit).toHaveBeenCalledWith({ force: false })
    shown.leave()
  })

  it.each([
    [504, true],
    [500, true],
    [409, true],
    [403, false],
    [404, false],
  ])('after a %i offers to delete although the node is silent: %s', async (status, isOffered) => {
    const { shown } = await open(status)
    expect(document.body.textContent).not.toContain('Delete although the node is silent')
    await type('Survival')
    await press()
    expect(document.body.textContent?.includes('Delete although the node is silent')).toBe(isOffered)
    shown.leave()
    await flushPromises()
  })
})
