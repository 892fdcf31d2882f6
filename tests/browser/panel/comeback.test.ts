import { registerEndpoint } from '@nuxt/test-utils/runtime'
import { flushPromises } from '@vue/test-utils'
import { createError } from 'h3'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { endpoint } from '#shared/contracts/endpoint'
import { item } from '#shared/contracts/envelope'
import { within } from './stage'

const things = {
  get: endpoint('GET /api/client/silent-things/:thing', { reply: item('thing', z.object({ name: z.string() })) }),
}

let fails: number | undefined
registerEndpoint('/api/client/silent-things/one', () => {
  const data = {
    errors: [{ code: 'X', status: String(fails), detail: 'No.', meta: { reason: 'panel.database_away' } }],
  }
  if (fails) throw createError({ statusCode: fails, data })
  return { object: 'thing', attributes: { name: 'Thing' } }
})

describe('a page that asked while somebody was silent', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
  afterEach(() => {
    vi.useRealTimers()
    clearNuxtData()
  })
  const read = () => within(() => useApi(things.get, { params: { thing: 'one' } }))
  const after = async (ms: number) => {
    await vi.advanceTimersByTimeAsync(ms)
    await vi.waitFor(flushPromises)
  }

  it.each([503, 504])('says so (%i), and asks again by itself until it is answered', async (status) => {
    fails = status
    const { data, error } = await read()
    await vi.waitFor(() => expect(error.value).toBeTruthy())

    await after(5000)
    expect(error.value).toBeTruthy()
    fails = undefined
    await after(10_000)
    await vi.waitFor(() => expect(data.value).toMatchObject({ name: 'Thing' }))
    expect(error.value).toBeUndefined()
  })

  it('keeps what it shows, and what was typed into it', async () => {
    fails = undefined
    const { data, error, status, refresh } = await read()
    await vi.waitFor(() => expect(data.value).toBeTruthy())

    fails = 503
    await refresh()
    expect(status.value).toBe('error')
    expect(data.value).toMatchObject({ name: 'Thing' })
    expect(error.value).toBeUndefined()
  })

  it('does not ask again for what was refused', async () => {
    fails = 403
    const { data, error } = await read()
    await vi.waitFor(() => expect(error.value).toBeTruthy())
    fails = undefined
    await after(60_000)
    expect(data.value).toBeUndefined()
    expect(error.value).toBeTruthy()
  })
})
