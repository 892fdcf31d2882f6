import { registerEndpoint } from '@nuxt/test-utils/runtime'
import { flushPromises } from '@vue/test-utils'
import { createError, readBody } from 'h3'
import { describe, expect, it, vi } from 'vitest'
import { endpoint } from '#shared/contracts/endpoint'
import { within } from './stage'

const things = {
  list: endpoint('GET /api/client/things/:thing', {}),
  create: endpoint('POST /api/client/things', {}),
}

describe('useSubmit', () => {
  it('runs one action at a time', async () => {
    let runs = 0
    const { submit } = await within(() =>
      useSubmit(async () => void (await new Promise((resolve) => setTimeout(() => resolve(runs++), 20)))),
    )
    await Promise.all([submit(undefined), submit(undefined), submit(undefined)])
    expect(runs).toBe(1)
  })

  it('keeps what failed for the form, and forgets it with the next try', async () => {
    let isBroken = true
    const { submit, failure, pending } = await within(() =>
      useSubmit(
        async () => {
          if (isBroken) throw new Error('no')
          return 7
        },
        { inForm: true },
      ),
    )

    expect(await submit(undefined)).toBeUndefined()
    expect(failure.value).toBeInstanceOf(Error)
    isBroken = false
    expect(await submit(undefined)).toBe(7)
    expect(failure.value).toBeUndefined()
    expect(pending.value).toBe(false)
  })
})

describe('useConfirm', () => {
  it('asks a second time after the first question was closed', async () => {
    const { confirm, overlay } = await within(() => ({ confirm: useConfirm(), overlay: useOverlay() }))
    const answerWith = async (answer: boolean) => {
      const asked = confirm({ title: 'Delete it?', action: 'Delete' })
      const { id } = overlay.overlays.at(-1)!
      overlay.close(id, answer)
      overlay.unmount(id)
      return asked
    }
    expect([await answerWith(false), await answerWith(true)]).toEqual([false, true])
  })
})

describe('useSelfSaving', () => {
  it('saves what was typed and left while the last one was on its way', async () => {
    const stored = ref('')
    const ends: (() => void)[] = []
    const save = vi.fn(
      (value: string) => new Promise<boolean>((end) => ends.push(() => end((stored.value = value) === value))),
    )
    const { draft, isSaved, type, leave } = await within(() => useSelfSaving({ stored: () => stored.value, save }))

    type('one')
    void leave()
    type('two')
    void leave()
    expect(save.mock.calls).toEqual([['one']])
    ends.shift()?.()
    await flushPromises()
    expect([draft.value, isSaved.value]).toEqual(['two', false])
    ends.shift()?.()
    await flushPromises()
    expect(save.mock.calls).toEqual([['one'], ['two']])
    expect([draft.value, isSaved.value]).toEqual(['two', true])
  })

  it('keeps what could not be saved', async () => {
    const { draft, isSaved, isEdited, type, leave } = await within(() =>
      useSelfSaving({ stored: () => 'old', save: async () => undefined }),
    )
    type('new')
    await leave()
    expect([draft.value, isEdited.value, isSaved.value]).toEqual(['new', true, false])
  })
})

describe('usePreview', () => {
  it('tells of the last choice, whichever answer comes last, and nothing of none', async () => {
    const choice = ref<string>()
    const answers = new Map<string, () => void>()
    const ask = (chosen: string) =>
      new Promise<string>((resolve, reject) =>
        answers.set(chosen, () => (chosen === 'c' ? reject(new Error('no')) : resolve(`of ${chosen}`))),
      )
    const { result, failure, pending } = await within(() => usePreview(() => choice.value, ask))
    expect([result.value, pending.value]).toEqual([undefined, false])

    for (const chosen of ['a', 'b']) {
      choice.value = chosen
      await nextTick()
    }
    answers.get('b')?.()
    await flushPromises()
    answers.get('a')?.()
    await flushPromises()
    expect([result.value, pending.value]).toEqual(['of b', false])

    choice.value = 'c'
    await nextTick()
    expect([result.value, pending.value]).toEqual(['of b', true])
    answers.get('c')?.()
    await flushPromises()
    expect([result.value, failure.value]).toEqual([undefined, new Error('no')])
    choice.value = undefined
    await nextTick()
    expect([failure.value, pending.value]).toEqual([undefined, false])
  })
})

describe('api and useApi', () => {
  it('unwraps what an endpoint answers, its path filled in', async () => {
    registerEndpoint('/api/client/things/a1', () => ({
      object: 'list',
      data: [{ object: 'thing', attributes: { name: 'one' } }],
      meta: { pagination: { total: 1 } },
    }))
    const answer = await within(() => api(things.list as never, { params: { thing: 'a1' } } as never))
    expect(answer).toEqual({ items: [{ name: 'one' }], meta: { pagination: { total: 1 } } })
  })

  it('asks nothing while it may not, whatever hints come', async () => {
    let asked = 0
    registerEndpoint('/api/client/things/b2', () => ({ object: 'list', data: [], meta: { count: (asked += 1) } }))
    const may = ref(false)
    const { refresh } = await within(() =>
      useApi(things.list as never, { params: { thing: 'b2' }, enabled: () => may.value } as never),
    )
    await refresh()
    expect(asked).toBe(0)
    may.value = true
    await vi.waitUntil(() => asked === 1)
    await refresh()
    expect(asked).toBe(2)
  })

  it('hands on what the server reports, field by field', async () => {
    registerEndpoint('/api/client/things', {
      method: 'POST',
      handler: async (event) => {
        const { name } = await readBody<{ name: string }>(event)
        throw createError({
          statusCode: 422,
          data: {
            errors: [
              {
                code: 'ValidationException',
                status: '422',
                detail: `${name} is taken.`,
                meta: { source_field: 'name', rule: 'unique' },
              },
            ],
          },
        })
      },
    })
    const error = await within(() =>
      api(things.create as never, { body: { name: 'a' } } as never).catch((thrown: unknown) => thrown),
    )
    expect(statusOf(error)).toBe(422)
    const { data } = error as { data: { data?: unknown } }
    expect(failuresOf({ data: data.data ?? data })[0].meta).toEqual({ source_field: 'name', rule: 'unique' })
  })
})
