import { registerEndpoint } from '@nuxt/test-utils/runtime'
import { flushPromises } from '@vue/test-utils'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Component } from 'vue'
import { AdminRolesTable, AdminUserForm, AdminUserRoles, USelectMenu } from '#components'
import type { Role } from '#shared/contracts/application/roles'
import { stage } from '../panel/stage'
import { signIn } from '../signed-in'

const roleOf = (id: number, more: object = {}) =>
  ({
    id,
    name: `Role ${id}`,
    description: null,
    grants: {},
    is_node_restricted: false,
    nodes: [],
    users_count: 0,
    is_within_reach: true,
    ...more,
  }) as unknown as Role
const userWith = (more: object = {}) => ({
  id: 7,
  uuid: 'a',
  username: 'alexis',
  email: 'alexis@example.test',
  first_name: 'Alexis',
  last_name: 'Day',
  language: 'en',
  external_id: null,
  root_admin: false,
  relationships: { roles: [roleOf(1)] },
  ...more,
})

beforeAll(async () => {
  await useNuxtApp().$language.open('admin')
  registerEndpoint('/api/application/roles', () => ({ object: 'list', data: [], meta: {} }))
})
beforeEach(() => signIn({ is_root_admin: true }))

describe('the form of a person', () => {
  const fieldOf = async (name: string) => {
    const form = await stage(AdminUserForm, { props: { user: userWith(), submitLabel: 'Save' } })
    return { form, input: form.get(`input[name=${name}]`), valueOf: (other: string) => valueIn(form, other) }
  }
  const valueIn = (form: Awaited<ReturnType<typeof stage>>, name: string) =>
    (form.get(`input[name=${name}]`).element as HTMLInputElement).value

  it('keeps what was typed while the page is read again, and takes the rest', async () => {
    const { form, input, valueOf } = await fieldOf('first_name')
    await input.setValue('Typed')
    await form.change({ user: userWith({ last_name: 'Changed elsewhere' }) })
    expect([valueOf('first_name'), valueOf('last_name')]).toEqual(['Typed', 'Changed elsewhere'])
  })

  it('shows what the panel holds once it is saved, and keeps all of it when it is refused', async () => {
    const { form, input, valueOf } = await fieldOf('username')
    await input.setValue('Alexis2')
    await form.change({ pending: true, failure: undefined })
    await form.change({ pending: false, failure: new Error('refused') })
    expect(valueOf('username')).toBe('Alexis2')
    await form.change({ pending: true, failure: undefined })
    await form.change({ user: userWith({ username: 'alexis2' }) })
    await form.change({ pending: false })
    expect(valueOf('username')).toBe('alexis2')
  })

  it.each([
    ['somebody new', { roles: 2 }, {}, true],
    ['somebody new, by whoever may give none', { roles: 1 }, {}, false],
    ['whoever is there, elsewhere', { roles: 2 }, { user: userWith() }, false],
  ])('offers roles to %s', async (_, grants, props, offers) => {
    signIn({ is_root_admin: false, grants: { users: 3, ...grants } })
    const form = await stage(AdminUserForm, { props: { submitLabel: 'Save', ...props } })
    expect(form.findComponent(USelectMenu).exists()).toBe(offers)
    if (!offers) return
    form.findComponent(USelectMenu).vm.$emit('update:modelValue', [1])
    expect(form.emitted('update:roles')).toEqual([[[1]]])
  })
})

describe('the roles of a person', () => {
  const show = async (user: object) => {
    const around = defineComponent({
      props: { user: { type: Object, required: true } },
      setup(props) {
        provideUser('7')
        return () => h(AdminUserRoles as Component, { user: props.user })
      },
    })
    return stage(around, { props: { user } })
  }

  it('keep what was chosen until he has others', async () => {
    const shown = await show(userWith())
    const menu = shown.findComponent(USelectMenu)
    menu.vm.$emit('update:modelValue', [1, 2])
    await shown.change({ user: userWith({ first_name: 'Other' }) })
    await flushPromises()
    expect(menu.props()).toMatchObject({ modelValue: [1, 2] })
    await shown.change({ user: userWith({ relationships: { roles: [roleOf(3)] } }) })
    expect(menu.props()).toMatchObject({ modelValue: [3] })
  })

  it('of a root administrator are changed by another one only', async () => {
    expect((await show(userWith({ root_admin: true }))).findComponent(USelectMenu).exists()).toBe(true)
    signIn({ is_root_admin: false, grants: { users: 3, roles: 3 } })
    expect((await show(userWith())).findComponent(USelectMenu).exists()).toBe(true)
    expect((await show(userWith({ root_admin: true }))).findComponent(USelectMenu).exists()).toBe(false)
  })
})

it('a role without a node that its reader reaches is told from one without any', async () => {
  const limited = { is_node_restricted: true, nodes: [] }
  const roles = [roleOf(1, limited), roleOf(2, { ...limited, is_within_reach: false })]
  const table = await stage(AdminRolesTable as Component, { props: { roles, mayChange: false } })
  expect(table.text()).toMatch(/Role 1.*No node.*Role 2.*None of your nodes/s)
})
