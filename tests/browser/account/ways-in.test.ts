import { mountSuspended, registerEndpoint } from '@nuxt/test-utils/runtime'
import { describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { AccountLinkedAccounts } from '#components'
import { stage } from '../panel/stage'
import { signIn } from '../signed-in'

const refusal = (status: number, reason: string) => {
  const errors = [{ code: 'DisplayException', status: String(status), detail: reason, meta: { reason } }]
  return { statusCode: status, data: { errors } }
}

/** What the panel answers to whoever asks it; another one each time. */
function answering(path: string, ...answers: (object | (() => object))[]) {
  return registerEndpoint(path, {
    method: 'POST',
    handler: (event) => {
      const answer = answers.length > 1 ? answers.shift() : answers[0]
      const { statusCode, data } = answer as { statusCode?: number; data?: unknown }
      if (!statusCode) return answer
      event.node.res.statusCode = statusCode
      return data
    },
  })
}

type Link = ReturnType<typeof usePasswordLink> | ReturnType<typeof useConfirmation>

/** What the page of a link goes by; at an address where nobody is led elsewhere. */
async function follow<Followed extends Link>(use: () => Followed) {
  signIn({})
  let link: Followed | undefined
  const page = defineComponent({ setup: () => ((link = use()), () => h('div')) })
  const shown = await mountSuspended(page, { route: '/account/security#secret' })
  return { link: link as Followed, leave: () => shown.unmount() }
}

describe.each<[string, () => Link, string, string]>([
  ['a link to choose a password', usePasswordLink, '/auth/password/link', 'reset.link_invalid'],
  ['a link that confirms an account', useConfirmation, '/auth/register/link', 'registration.link_invalid'],
])('%s', (_, use, path, dead) => {
  it('is dead where the panel says so', async () => {
    const unregister = answering(path, refusal(400, dead))
    const { link, leave } = await follow(use)
    await vi.waitFor(() => expect(link.isDead.value).toBe(true))
    expect(link.error.value).toBeUndefined()
    unregister()
    leave()
  })

  it('is asked for again where something else went wrong', async () => {
    const unregister = answering(path, refusal(500, 'internal'), { username: 'marta' })
    const { link, leave } = await follow(use)
    await vi.waitFor(() => expect(link.error.value).toBeDefined())
    expect(link.isDead.value).toBe(false)
    await link.check()
    expect([link.isDead.value, link.error.value]).toEqual([false, undefined])
    unregister()
    leave()
  })
})

describe('connecting another account', () => {
  it('asks for the password first', async () => {
    signIn({})
    const provider = { id: 'sso', name: 'Company SSO', icon: null, color: null }
    const identities = registerEndpoint('/api/client/account/identities', () => ({
      object: 'list',
      data: [],
      meta: { available: [provider] },
    }))
    const shown = await stage(AccountLinkedAccounts, {
      props: { profile: { has_password: true } },
      route: '/account/security',
    })
    await vi.waitFor(() => expect(shown.text()).toContain('Connect Company SSO'))
    await shown.get('button').trigger('click')
    await vi.waitFor(() => expect(document.querySelector('[role="dialog"]')?.textContent).toContain('Current password'))
    identities()
    shown.leave()
  })
})
