import { describe, expect, it } from 'vitest'
import { printLine } from '#server/logger/lines'
import { describeError, redact } from '#server/logger/redaction'

describe('a line of the log', () => {
  it.each([
    ['authorization', { headers: { Authorization: 'Bearer canary' } }],
    ['a cookie', { headers: [{ 'set-cookie': 'canary' }] }],
    ['a password', { user: { currentPassword: 'canary' } }],
    ['a token', { node: { deep: { api_token: 'canary' } } }],
    ['a secret', { clientSecret: 'canary' }],
    ['a key of the API', { apiKey: 'canary', 'x-api-key': 'canary' }],
    ['recovery codes', { recovery_codes: ['canary'] }],
  ])('has no %s in it', (_what, fields) => {
    expect(JSON.stringify(redact(fields))).not.toContain('canary')
  })

  it('keeps the rest', () => {
    expect(redact({ server: 'a1b2', count: 3, at: [1, null] })).toEqual({ server: 'a1b2', count: 3, at: [1, null] })
  })

  it('ends where a value goes in circles', () => {
    const circle: Record<string, unknown> = {}
    circle.self = circle

    expect(JSON.stringify(redact(circle)).length).toBeLessThan(200)
  })

  it('is readable on a terminal', () => {
    expect(printLine('{"level":"warn","time":"2026-01-01T12:34:56.000Z","node":"n1","msg":"slow"}')).toContain(
      '12:34:56',
    )
  })
})

describe('an error in the log', () => {
  it('has no parameters of a query, no row and no request', () => {
    const refusal = Object.assign(new Error('duplicate key'), {
      code: '23505',
      table: 'users',
      constraint: 'users_email_unique',
      detail: 'Key (email)=(canary) already exists.',
    })
    const failed = Object.assign(
      new Error('Failed query: insert into users values ($1)\nparams: canary,canary', { cause: refusal }),
      {
        params: ['canary'],
        options: { headers: { authorization: 'canary' } },
      },
    )

    const described = describeError(failed)
    expect(JSON.stringify(described)).not.toContain('canary')
    expect(described).toMatchObject({
      message: 'Failed query: insert into users values ($1)',
      cause: { code: '23505', constraint: 'users_email_unique' },
    })
  })
})
