import { beforeAll, describe, expect, it } from 'vitest'
import { useEnv } from '#server/env'
import { nobody, request, signedInAs, type Caller } from '../../support/api'
import { makeUser } from '../../support/factories'
import { openWireCutter } from '../../support/wire-cutter'

const asSomeNode: Caller = { headers: { authorization: `Bearer ${'n'.repeat(16)}.${'s'.repeat(64)}` } }
let asPerson: Caller

/** From here on nothing reaches the database, neither on old connections nor on new ones. */
beforeAll(async () => {
  const env = useEnv()
  const through = new URL(env.DATABASE_URL)
  const wire = await openWireCutter({ port: Number(through.port) })
  through.port = String(wire.port)
  env.DATABASE_URL = through.href
  asPerson = await signedInAs(await makeUser())
  expect((await request('GET /api/client', { as: asPerson })).status).toBe(200)
  expect((await request('GET /api/health')).status).toBe(200)
  await wire.close()
})

describe('without its database the panel', () => {
  it.each([
    ['GET /api/health', () => nobody],
    ['GET /api/client', () => asPerson],
    ['GET /api/remote/servers', () => asSomeNode],
    ['POST /auth/login', () => nobody],
  ] as const)('answers %s that it is away for now', async (call, caller) => {
    const body = call.startsWith('POST') ? { user: 'marta', password: 'wrong wrong wrong' } : undefined
    const reply = await request(call, { as: caller(), body })

    expect(reply.status).toBe(503)
    expect(reply.headers.get('retry-after')).toBe('5')
    expect(reply.body.errors).toHaveLength(1)
    expect(reply.body.errors[0]).toMatchObject({ code: 'HttpException', status: '503' })
    expect(reply.body.errors[0].detail).toContain('cannot reach its database')
  })
})
