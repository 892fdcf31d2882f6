import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, describe, expect, it, vi } from 'vitest'

const counted = vi.hoisted(() => ({ now: 0, most: 0 }))
vi.mock('better-auth/crypto', () => {
  const work = async () => {
    counted.now += 1
    counted.most = Math.max(counted.most, counted.now)
    await sleep(5)
    counted.now -= 1
  }
  return { hashPassword: async () => (await work(), 'salt:key'), verifyPassword: async () => (await work(), false) }
})
const { hashPassword, verifyNobody, verifyPassword } = await import('#server/auth/passwords')

describe('hashes', () => {
  beforeEach(() => Object.assign(counted, { now: 0, most: 0 }))

  it('run two at a time, whatever they are for', async () => {
    await Promise.all(
      Array.from({ length: 10 }, () => [
        hashPassword('x'),
        verifyPassword({ hash: 'a:b', password: 'x' }),
        verifyNobody('x'),
      ]).flat(),
    )
    expect(counted).toEqual({ now: 0, most: 2 })
  })

  it('leave their place when they fail', async () => {
    await Promise.allSettled(Array.from({ length: 5 }, () => verifyPassword({ hash: '$2nonsense', password: 'x' })))
    await hashPassword('x')
    expect(counted.now).toBe(0)
  })

  it('turn a stampede away instead of keeping it for a minute', async () => {
    const results = await Promise.allSettled(Array.from({ length: 300 }, () => hashPassword('x')))
    const refused = results.filter(({ status }) => status === 'rejected')
    expect(refused).toHaveLength(98)
    expect(refused[0]).toMatchObject({ reason: { code: 'request.too_many' } })
  })
})
