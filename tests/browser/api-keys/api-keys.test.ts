import { describe, expect, it } from 'vitest'
import { API_RESOURCES } from '#shared/permissions'
import { AdminLevels, ApiKeysSecretModal } from '#components'
import { stage } from '../panel/stage'
import { signIn } from '../signed-in'

type Levels = Record<string, number>

async function levelsOf(traits: Parameters<typeof signIn>[0]) {
  signIn(traits)
  const form = await stage(AdminLevels, {
    props: { modelValue: {}, resources: API_RESOURCES, label: 'What it may do' },
    route: '/admin',
  })
  const radio = (resource: string, place: number) =>
    form.get(`[role="radiogroup"][aria-label="${resource}"]`).findAll<HTMLInputElement>('input')[place]!
  const given = () => form.emitted<[Levels]>('update:modelValue')?.at(-1)?.[0]
  const press = (name: string) =>
    form
      .findAll('button')
      .find((button) => button.text() === name)!
      .trigger('click')
  return { radio, given, press }
}

describe('the levels of an application key', () => {
  it('are none, read, write and both, for each', async () => {
    const { radio, given, press } = await levelsOf({ is_root_admin: true })
    expect(radio('Servers', 0).element.checked).toBe(true)
    await radio('Nodes', 2).setValue(true)
    expect(given()).toEqual({ nodes: 2 })
    await press('All rights')
    expect(given()).toEqual(Object.fromEntries(API_RESOURCES.map((resource) => [resource, 3])))
    await press('Read all')
    expect(Object.values(given() ?? {})).toEqual(API_RESOURCES.map(() => 1))
  })

  it('offer nobody more than he holds', async () => {
    const { radio, given, press } = await levelsOf({ is_root_admin: false, grants: { servers: 1, users: 3 } })
    const offered = (resource: string) => [0, 1, 2, 3].filter((place) => !radio(resource, place).element.disabled)
    expect(offered('Servers')).toEqual([0, 1])
    expect(offered('Users')).toEqual([0, 1, 2, 3])
    expect(offered('Nodes')).toEqual([0])
    await press('All rights')
    expect(given()).toMatchObject({ servers: 1, users: 3, nodes: 0 })
  })
})

it('a new key is shown until somebody says that it is stored', async () => {
  const modal = await stage(ApiKeysSecretModal, {
    props: { made: { token: 'ptlc_0123456789abcdef', name: 'bot' } },
    route: '/account/api-keys',
  })
  expect(document.body.textContent).toContain('ptlc_0123456789abcdef')
  document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))
  expect(modal.emitted('close')).toBeUndefined()
  const stored = [...document.querySelectorAll('button')].find((button) =>
    button.textContent.includes('I have stored it'),
  )
  stored?.click()
  expect(modal.emitted('close')).toHaveLength(1)
  expect([...document.querySelectorAll('[role="dialog"] button')]).toHaveLength(2)
  modal.leave()
})
