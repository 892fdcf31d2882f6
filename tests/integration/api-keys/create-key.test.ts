import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { apiKeys as table, auditEvents, type UserRow } from '#server/database/schema'
import { useEnv } from '#server/env'
import { KEY_RESOURCES } from '#shared/permissions'
import command from '../../../bin/commands/create-key.ts'
import { request, withKey } from '../../support/api'
import { runHere } from '../../support/command'
import { makeApiKey, makeRootAdmin, makeUser } from '../../support/factories'
import { runXyra } from '../../support/xyra'

let root: UserRow
let player: UserRow
beforeAll(async () => {
  root = await makeRootAdmin()
  player = await makeUser()
})

const run = (...rawArgs: string[]) => runHere(command, ...rawArgs)

describe('xyra create-key', () => {
  it('prints an application key that carries every right of its kind, and nothing else', async () => {
    const { DATABASE_URL, APP_SECRET } = useEnv()
    const commandLine = ['create-key', '--user', root.email, '--kind', 'application', '--name', 'billing', '--json']
    const { code, stdout, stderr } = await runXyra(commandLine, { DATABASE_URL, APP_SECRET, LOG_LEVEL: 'warn' })
    expect([code, stderr]).toEqual([0, ''])
    const { token, ...more } = JSON.parse(stdout) as { token: string }
    expect([token, more]).toEqual([expect.stringMatching(/^ptla_[A-Za-z0-9]{43}$/), {}])

    const [key] = await useDrizzle()
      .select()
      .from(table)
      .where(eq(table.identifier, token.slice(0, 16)))
    expect(key).toMatchObject({ userId: root.id, memo: 'billing', kind: 'application' })
    expect(JSON.parse(key?.permissions ?? '')).toEqual(Object.fromEntries(KEY_RESOURCES.map((name) => [name, 3])))
    const as = withKey(token)
    expect((await request('GET /api/application/users', { as })).status).toBe(200)
    expect((await request('POST /api/application/locations', { as, body: { short: 'made-by-key' } })).status).toBe(201)
    const [event] = await useDrizzle()
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.targetId, key?.id ?? ''))
    expect(event).toMatchObject({ action: 'admin:api-key.create', actorType: 'system' })
    expect(JSON.stringify(event)).not.toContain(token.slice(16))
  })

  it('prints an account key of anybody, with the limits that were asked for', async () => {
    const limits = ['--allowed-ips', '127.0.0.0/8,::1', '--expires', '2999-01-31', '--requests-per-minute=7']
    const { stdout } = await run('--user', player.username, '--kind', 'account', '--name', 'bot', ...limits)
    const [token = '', said] = stdout.split('\n')
    expect(said).toBe('It is shown only now.')
    const { status, headers, body } = await request('GET /api/client/account', { as: withKey(token) })
    expect([status, headers.get('x-ratelimit-limit'), body.attributes.id]).toEqual([200, '7', Number(player.id)])
    const [key] = await useDrizzle()
      .select()
      .from(table)
      .where(eq(table.identifier, token.slice(0, 16)))
    expect(key).toMatchObject({
      expiresAt: '2999-01-31T00:00:00.000Z',
      allowedIps: '["127.0.0.0/8","::1"]',
      permissions: null,
    })
  })

  it('carries only the levels that are named', async () => {
    const levels = ['--level', 'servers=3', '--level=users=1,nodes=2']
    const { stdout } = await run('--user', root.username, '--kind', 'application', '--name', 'x', ...levels, '--json')
    const { token } = JSON.parse(stdout) as { token: string }
    const [key] = await useDrizzle()
      .select()
      .from(table)
      .where(eq(table.identifier, token.slice(0, 16)))
    expect(JSON.parse(key?.permissions ?? '')).toEqual({ servers: 3, users: 1, nodes: 2 })
  })

  it('says in a sentence what is wrong, and makes nothing', async () => {
    const full = await makeUser()
    for (let held = 0; held < 25; held++) await makeApiKey(full.id)
    const before = await useDrizzle().$count(table)
    const usual = ['--kind', 'application', '--name', 'x', '--json']
    const tries: [string[], RegExp][] = [
      [['--user', 'nobody-here', ...usual], /Nobody here is called nobody-here/],
      [['--user', player.username, ...usual], /is no administrator/],
      [['--user', root.username, '--kind', 'other', '--name', 'x'], /--kind/],
      [['--user', root.username, '--kind', 'application'], /--name/],
      [['--user', root.username, ...usual, '--level', 'everything=3'], /--level: .*everything/],
      [['--user', root.username, ...usual, '--level', 'servers=4'], /--level: /],
      [['--user', root.username, ...usual, '--level', 'servers'], /--level: /],
      [['--user', root.username, ...usual, '--expires', '2001-01-01'], /--expires: .*after now/],
      [['--user', root.username, ...usual, '--allowed-ips', '10.0.0.1,here'], /"here" is not a valid IP address/],
      [['--user', root.username, ...usual, '--expire', '2999-01-01'], /There is no option --expire\./],
      [
        ['--user', player.username, '--kind', 'account', '--name', 'x', '--level', 'servers=1'],
        /--level is for application keys/,
      ],
      [['--user', full.username, '--kind', 'account', '--name', 'x'], /reached the account limit/],
    ]
    for (const [commandLine, sentence] of tries) {
      const { stdout, stderr } = await run(...commandLine)
      expect([stdout, stderr]).toEqual(['', expect.stringMatching(sentence)])
      // A sentence, not a stack.
      expect(stderr).not.toMatch(/\n\s+at /)
    }
    expect(await useDrizzle().$count(table)).toBe(before)
  })
})
