import { and, eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import {
  auditEvents,
  sshKeys,
  throttles,
  type ServerRow,
  type UserRow,
  type WingsNodeRow,
} from '#server/database/schema'
import { asNode, request, signedInAs, withKey, type Caller } from '../../support/api'
import { makeApiKey, makeNode, makeRootAdmin, makeServer, makeSshKey, makeUser } from '../../support/factories'
import known from '../../fixtures/ssh-keys.json' with { type: 'json' }

const PATH = '/api/client/account/ssh-keys'
const [short, dsa] = known.slice(8) as [(typeof known)[0], (typeof known)[0]]
const taken = known.slice(0, 8)
const [ed25519] = taken as [(typeof known)[0]]

let user: UserRow
let as: Caller
let node: WingsNodeRow
let server: ServerRow
beforeAll(async () => {
  node = await makeNode()
  user = await makeUser()
  server = await makeServer({ nodeId: node.id, ownerId: user.id })
  as = await signedInAs(user)
})

const add = (publicKey: unknown, who = as) =>
  request(`POST ${PATH}`, { as: who, body: { name: 'Laptop', public_key: publicKey } })

/** What a daemon asks when a client offers this key. */
const offer = (line: string, login = user.username) =>
  request('POST /api/remote/sftp/auth', {
    as: asNode(node),
    body: {
      type: 'public_key',
      username: `${login}.${server.identifier}`,
      password: `${line.split(' ', 2).join(' ')}\n`,
      ip: '198.51.100.7:4242',
      session_id: 'x',
      client_version: 'y',
    },
  })

const eventsOf = (action: 'user:ssh-key.create' | 'user:ssh-key.delete', fingerprint: string) =>
  useDrizzle()
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.action, action), eq(auditEvents.targetId, user.id)))
    .then((rows) => rows.filter(({ metadata }) => metadata === JSON.stringify({ fingerprint })))

describe('keys of one account', () => {
  it.each(taken)('take $algorithm $fingerprint, and let its holder in over SFTP', async ({ line, fingerprint }) => {
    expect((await offer(line)).status).toBe(403)
    const reply = await add(line)
    expect(reply).toMatchObject({
      status: 200,
      body: {
        object: 'ssh_key',
        attributes: { name: 'Laptop', fingerprint, created_at: expect.stringMatching(/\+00:00$/) },
      },
    })
    expect(reply.body.attributes.public_key).toMatch(
      line.startsWith('sk-') ? /^sk-\S+ \S+$/ : /^-----BEGIN PUBLIC KEY-----\r\n[^]+\r\n-----END PUBLIC KEY-----$/,
    )
    expect(await offer(line)).toMatchObject({
      status: 200,
      body: { server: server.uuid, user: user.uuid, permissions: ['*'] },
    })
    expect((await offer(line, (await makeUser()).username)).status).toBe(403)
    expect(await eventsOf('user:ssh-key.create', fingerprint)).toHaveLength(1)
  })

  it('are listed in the order in which they were added, each with what was written of it', async () => {
    const { status, body } = await request(`GET ${PATH}`, { as })
    expect(status).toBe(200)
    expect(body.data.map(({ attributes }: any) => attributes.fingerprint)).toEqual(taken.map((key) => key.fingerprint))
  })

  it.each([
    [
      'a key that is there already',
      () => ed25519.line,
      'ssh_key_exists',
      'The public key provided already exists on your account.',
    ],
    [
      'the same in another form',
      () => ed25519.rfc4716,
      'ssh_key_exists',
      'The public key provided already exists on your account.',
    ],
    ['DSA', () => dsa.line, 'ssh_key_dsa', 'DSA keys are not supported.'],
    ['a short RSA key', () => short.pem, 'ssh_key_short', 'RSA keys must be at least 2048 bytes in length.'],
    ['what is no key', () => 'ssh-rsa nonsense', 'ssh_key_malformed', 'The public key provided is not valid.'],
    ['nothing', () => '', 'required', 'The public key field is required.'],
  ])('refuse %s', async (_, text, sentence, detail) => {
    const meta = sentence === 'required' ? { rule: sentence } : { rule: '', sentence }
    expect(await add(text())).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'ValidationException', detail, meta: { source_field: 'public_key', ...meta } }] },
    })
  })

  it('refuse the half that nobody may see, and write it nowhere', async () => {
    const reply = await add(
      '-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0IG9mIGhlcnM=\n-----END OPENSSH PRIVATE KEY-----',
    )
    expect(reply).toMatchObject({
      status: 422,
      body: { errors: [{ meta: { rule: '', sentence: 'ssh_key_private' } }] },
    })
    expect(JSON.stringify(reply.body)).not.toContain('c2VjcmV0')
  })

  it('are the same key to two people, each his own', async () => {
    const other = await signedInAs(await makeUser())
    expect((await add(ed25519.line, other)).status).toBe(200)
  })

  it('keep to a hundred, also of those that come at once', async () => {
    const owner = await makeUser()
    const who = await signedInAs(owner)
    for (let index = 0; index < 98; index++) await makeSshKey(owner.id)
    const replies = await Promise.all(taken.slice(0, 5).map(({ line }) => add(line, who)))
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(2)
    expect(replies.filter(({ status }) => status === 400)).toHaveLength(3)
    expect(await useDrizzle().$count(sshKeys, eq(sshKeys.userId, owner.id))).toBe(100)
  })

  it('are added by no key that carries less than its owner, and by nobody who acts as him', async () => {
    const owner = await makeUser()
    const whole = withKey((await makeApiKey(owner.id)).token)
    const narrow = withKey((await makeApiKey(owner.id, { permissions: { servers: [], permissions: null } })).token)
    const acting = await signedInAs(owner, { impersonatedBy: (await makeRootAdmin()).id })
    for (const who of [narrow, acting]) expect((await add(ed25519.line, who)).status).toBe(403)
    expect((await add(ed25519.line, whole)).status).toBe(200)
  })
})

describe('removing', () => {
  const remove = (fingerprint: string) => request(`POST ${PATH}/remove`, { as, body: { fingerprint } })

  it('shuts its holder out, and is 204 also when there is none', async () => {
    const { line, fingerprint } = ed25519
    expect(await remove(fingerprint)).toMatchObject({ status: 204, body: undefined })
    expect((await offer(line)).status).toBe(403)
    expect(await eventsOf('user:ssh-key.delete', fingerprint)).toHaveLength(1)
    expect((await remove(fingerprint)).status).toBe(204)
    expect(await eventsOf('user:ssh-key.delete', fingerprint)).toHaveLength(1)
    expect((await remove('')).status).toBe(422)
  })

  it("goes Pelican's way too, whatever signs the fingerprint holds", async () => {
    const slashed = taken.slice(1).filter(({ fingerprint }) => /[/+]/.test(fingerprint))
    expect(slashed.length).toBeGreaterThan(1)
    for (const { fingerprint } of slashed) {
      const path = `DELETE ${PATH}/${encodeURIComponent(fingerprint)}`
      expect((await request(path, { as: await signedInAs(await makeUser()) })).status).toBe(404)
      expect((await request(path, { as })).status).toBe(204)
      expect((await request(path, { as })).status).toBe(404)
    }
  })
})

describe('offering a key that is not known', () => {
  it('is no guess, since clients offer all they have; what is no key counts', async () => {
    await useDrizzle().delete(throttles)
    for (let tries = 0; tries < 8; tries++) expect((await offer(dsa.line)).status).toBe(403)
    expect(await useDrizzle().$count(throttles, eq(throttles.bucket, 'sftp'))).toBe(0)
    const replies = []
    for (let tries = 0; tries < 6; tries++) replies.push((await offer('ssh-rsa !!!')).status)
    expect(replies).toEqual([403, 403, 403, 403, 403, 429])
  })
})
