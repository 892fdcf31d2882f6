import { describe, expect, it } from 'vitest'
import { type Contact, createBreaker } from '#server/wings/breaker'

function setUp() {
  let now = 1_000_000
  const breaker = createBreaker(() => now)
  let asked = 0

  async function call(contact: Contact, node = 'a'): Promise<string> {
    try {
      return await breaker.guarded(
        node,
        async () => {
          asked++
          if (contact !== 'answered') throw new Error(contact)
          return 'answer'
        },
        (error) => (error as Error).message as Contact,
      )
    } catch (error) {
      return (error as Error).message.startsWith('Could not establish') ? 'at once' : (error as Error).message
    }
  }

  return { breaker, call, pass: (ms: number) => (now += ms), asked: () => asked }
}

describe('breaker', () => {
  it('lets one call try before its time, once the node gave a sign of life', async () => {
    const { breaker, call, asked } = setUp()
    breaker.reconsider('a')
    for (let time = 0; time < 3; time++) await call('silent')
    breaker.reconsider('a')
    expect(await call('silent')).toBe('silent')
    expect(await call('answered')).toBe('at once')
    expect(asked()).toBe(4)
    breaker.reconsider('a')
    expect(await call('answered')).toBe('answer')
    expect(await call('answered')).toBe('answer')
  })

  it('lets three silences through, then fails at once for fifteen seconds', async () => {
    const { call, pass, asked } = setUp()
    for (let time = 0; time < 3; time++) expect(await call('silent')).toBe('silent')

    expect(await call('answered')).toBe('at once')
    pass(14_999)
    expect(await call('answered')).toBe('at once')
    expect(asked()).toBe(3)

    pass(1)
    expect(await call('answered')).toBe('answer')
    expect(await call('answered')).toBe('answer')
  })

  it('lets one call try after that, and waits again when nothing comes back', async () => {
    const { call, pass } = setUp()
    for (let time = 0; time < 3; time++) await call('silent')

    pass(15_000)
    const probe = call('silent')
    expect(await call('answered')).toBe('at once')
    expect(await probe).toBe('silent')
    expect(await call('answered')).toBe('at once')
    pass(15_000)
    expect(await call('answered')).toBe('answer')
  })

  it('does not wait for ever for a probe that never ends', async () => {
    const { breaker, call, pass } = setUp()
    for (let time = 0; time < 3; time++) await call('silent')

    pass(15_000)
    void breaker.guarded(
      'a',
      () => new Promise(() => {}),
      () => 'silent',
    )
    expect(await call('answered')).toBe('at once')
    pass(15_000)
    expect(await call('answered')).toBe('answer')
  })

  it('starts to count again after any answer, a refusal too', async () => {
    const { breaker, call } = setUp()
    for (let time = 0; time < 2; time++) await call('silent')
    await breaker
      .guarded(
        'a',
        () => Promise.reject(new Error('409')),
        () => 'answered',
      )
      .catch(() => {})
    for (let time = 0; time < 2; time++) await call('silent')
    expect(await call('answered')).toBe('answer')
  })

  it('learns nothing from a call that may itself be to blame', async () => {
    const { call } = setUp()
    for (let time = 0; time < 10; time++) expect(await call('unclear')).toBe('unclear')
    expect(await call('answered')).toBe('answer')
  })

  it('keeps each node to itself', async () => {
    const { call } = setUp()
    for (let time = 0; time < 3; time++) await call('silent', 'a')
    expect(await call('answered', 'a')).toBe('at once')
    expect(await call('answered', 'b')).toBe('answer')
  })
})
