import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { desc, eq, like } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { accounts, auditEvents, identityProviders, throttles, users } from '#server/database/schema'
import { createIdentityProviderBody, type IdentityProvider } from '#shared/contracts/application/identity-providers'
import { request, signedInAs, type Caller } from '../../support/api'
import { openBrowser } from '../../support/browser'
import { makeAdministrator, makeLinkedAccount, makeRole, makeRootAdmin, makeUser } from '../../support/factories'
import { startOpenIdProvider, CLIENT, type OpenIdProvider } from '../../support/openid'
import { routesUrl } from '../../support/routes'
import { comeBack, makeOidc } from './arrange'

const PATH = '/api/application/identity-providers'

let [openid, root] = [] as unknown as [OpenIdProvider, Caller]
beforeAll(async () => {
  openid = await startOpenIdProvider({ redirectUris: [`${await routesUrl()}/auth/callback/sso`] })
  root = await signedInAs(await makeRootAdmin())
})
afterEach(async () => {
  await useDrizzle().delete(identityProviders)
  await useDrizzle().delete(throttles)
})
afterAll(() => openid[Symbol.asyncDispose]())

const body = (more: object = {}) => ({
  id: 'sso',
  kind: 'oidc',
  name: 'Company SSO',
  client_id: CLIENT.id,
  client_secret: 'canary-of-the-provider',
  issuer: 'https://sso.example.com/realms/one',
  ...more,
})
const create = async (more: object = {}) => {
  const { status, body: made } = await request(`POST ${PATH}`, { as: root, body: body(more) })
  expect([status, made]).toEqual([201, expect.anything()])
  return made.attributes as IdentityProvider
}
const patch = (id: string, change: object, as = root) => request(`PATCH ${PATH}/${id}`, { as, body: change })
const faultsOf = ({ body: said }: Awaited<ReturnType<typeof request>>) =>
  (said.errors as { meta: { source_field: string; rule: string } }[]).map(({ meta }) => [meta.source_field, meta.rule])
const reasonOf = ({ body: said }: Awaited<ReturnType<typeof request>>) => said.errors[0].meta.reason as string

describe('identity providers', () => {
  it('are made, listed, read, changed, put in order and deleted; a secret is never told', async () => {
    const made = await create({ enabled: true, icon: 'building', color: '#1a2b3c' })
    expect(made).toMatchObject({
      id: 'sso',
      enabled: true,
      issuer: 'https://sso.example.com/realms/one',
      links_users: false,
      callback_url: `${await routesUrl()}/auth/callback/sso`,
    })
    await create({ id: 'github', kind: 'github', issuer: undefined })
    const changed = await patch('sso', { name: 'Renamed', client_secret: '', scopes: 'openid email' })
    expect(changed.body.attributes).toMatchObject({ name: 'Renamed', scopes: 'openid email', color: '#1a2b3c' })
    const [row] = await useDrizzle().select().from(identityProviders).where(eq(identityProviders.id, 'sso'))
    expect(row?.clientSecret).toBe('canary-of-the-provider')
    await patch('sso', { client_secret: 'canary-second' })

    expect((await request(`POST ${PATH}/order`, { as: root, body: { ids: ['github'] } })).status).toBe(204)
    const listed = await request(`GET ${PATH}`, { as: root })
    expect(listed.body.data.map(({ attributes }: { attributes: IdentityProvider }) => attributes.id)).toEqual([
      'github',
      'sso',
    ])
    expect((await request(`POST ${PATH}/order`, { as: root, body: { ids: ['nobody'] } })).status).toBe(422)

    const user = await makeUser()
    await makeLinkedAccount(user.id, 'sso')
    expect((await request(`GET ${PATH}/sso`, { as: root })).body.attributes.accounts_count).toBe(1)
    expect((await request(`DELETE ${PATH}/sso`, { as: root })).status).toBe(204)
    expect((await request(`GET ${PATH}/sso`, { as: root })).status).toBe(404)
    expect(await useDrizzle().$count(accounts, eq(accounts.userId, user.id))).toBe(0)

    const events = await useDrizzle()
      .select()
      .from(auditEvents)
      .where(like(auditEvents.action, 'admin:identity-provider.%'))
    expect(new Set(events.map(({ action }) => action))).toEqual(
      new Set(['create', 'update', 'order', 'delete'].map((act) => `admin:identity-provider.${act}`)),
    )
    expect(JSON.stringify([made, changed.body, listed.body, events])).not.toContain('canary')
  })

  it.each<[object, [string, string][]]>([
    [{ id: 'credential' }, [['id', 'not_in']]],
    [{ id: 'No Slug' }, [['id', 'regex']]],
    [{ kind: 'saml' }, [['kind', 'in']]],
    [{ name: '' }, [['name', 'required']]],
    [{ issuer: null }, [['issuer', 'required']]],
    [{ client_secret: '' }, [['client_secret', 'required']]],
    [{ issuer: 'ftp://sso.example.com' }, [['issuer', 'url']]],
    [{ issuer: 'https://user:pass@sso.example.com' }, [['issuer', 'url']]],
    [{ color: 'red' }, [['color', 'regex']]],
    [{ icon: '../x' }, [['icon', 'in']]],
    [{ roles_claim: 'groups', roles: { a: 987654 } }, [['roles', 'exists']]],
    [{ issuer: 'http://sso.example.com' }, [['issuer', 'https']]],
    [{ kind: 'gitlab', host: 'http://git.example.com' }, [['host', 'https']]],
  ])('are refused with %j', async (more, faults) => {
    const refused = await request(`POST ${PATH}`, { as: root, body: body(more) })
    expect([refused.status, faultsOf(refused)]).toEqual([422, faults])
    expect(await useDrizzle().$count(identityProviders)).toBe(0)
  })

  it('have ids of their own', async () => {
    await create()
    expect(faultsOf(await request(`POST ${PATH}`, { as: root, body: body() }))).toEqual([['id', 'unique']])
  })

  it('are refused by the form as by the route', () => {
    expect(createIdentityProviderBody.safeParse(body()).success).toBe(true)
    expect(createIdentityProviderBody.safeParse(body({ id: 'credential' })).success).toBe(false)
  })

  it('stay where they are found as soon as somebody is connected', async () => {
    await create()
    expect((await patch('sso', { issuer: 'https://other.example.com' })).status).toBe(200)
    await makeLinkedAccount((await makeUser()).id, 'sso')
    expect(reasonOf(await patch('sso', { issuer: 'https://evil.example.com' }))).toBe('provider.issuer_fixed')
    expect((await patch('sso', { issuer: 'https://other.example.com', name: 'Same place' })).status).toBe(200)
  })

  it('are given roles by root administrators alone: who may change settings hands on no rights', async () => {
    await create()
    const role = await makeRole({ servers: 3 })
    const clerk = await signedInAs(await makeAdministrator({ settings: 3 }))
    expect((await patch('sso', { name: 'By a clerk' }, clerk)).status).toBe(200)
    const refused = await patch('sso', { roles_claim: 'groups', roles: { all: Number(role.id) } }, clerk)
    expect([refused.status, reasonOf(refused)]).toEqual([403, 'provider.roles_forbidden'])
    expect((await patch('sso', { roles_claim: 'groups', roles: { all: Number(role.id) } })).status).toBe(200)
    expect((await patch('sso', { roles_claim: 'groups', roles: { all: Number(role.id) } }, clerk)).status).toBe(200)
    expect(reasonOf(await patch('sso', { roles_claim: 'email' }, clerk))).toBe('provider.roles_forbidden')
  })
})

describe('sec-46: where a provider may be found', () => {
  it.each([
    'https://127.0.0.1',
    'https://10.1.2.3/realm',
    'https://169.254.169.254/latest',
    'https://[::1]',
    'https://[fd00::1]:8443',
    'https://[::ffff:192.168.0.1]',
    'https://2130706433',
    'https://0x7f.1',
    'https://localhost:3000',
    'https://sso.localhost',
  ])('%s is refused', async (issuer) => {
    expect(faultsOf(await request(`POST ${PATH}`, { as: root, body: body({ issuer }) }))).toEqual([
      ['issuer', 'public_address'],
    ])
  })

  it('is asked again when it is called, whatever stands in the row', async () => {
    await makeOidc(openid.issuer.replace('http:', 'https:'), { id: 'sso', options: { onOwnNetwork: false } })
    await makeOidc('https://localhost.localdomain.invalid', { id: 'name', options: { onOwnNetwork: false } })
    const direct = await request(`POST ${PATH}/sso/test`, { as: root })
    expect(direct.body.attributes).toMatchObject({ ok: false, error: expect.stringContaining('private network') })
    const browser = await openBrowser()
    const begun = await browser.send('POST /auth/providers/sso', {})
    expect([begun.status, reasonOf(begun)]).toEqual([400, 'provider.address_private'])
    expect((await browser.send('POST /auth/providers/name', {})).status).toBe(502)
  })

  it('follows no name into a private network', async () => {
    const { outwardFetch } = await import('#server/services/identity-providers/outward-fetch')
    const { port } = new URL(openid.issuer)
    const options = { method: 'GET', body: null, headers: {}, redirect: 'manual' } as const
    const asked = outwardFetch({ onOwnNetwork: false })(`https://localhost:${port}/`, options)
    const error = await asked.then(
      () => undefined,
      (thrown: Error) => thrown,
    )
    expect((error?.cause as { code?: string } | undefined)?.code).toBe('PRIVATE_ADDRESS')
  })

  it('takes one of the own network where an administrator says so', async () => {
    await create({ issuer: openid.issuer, on_own_network: true })
    const { body: said } = await request(`POST ${PATH}/sso/test`, { as: root })
    expect(said.attributes).toMatchObject({ ok: true, error: null, found: { issuer: openid.issuer } })
  })

  it('shows in place what is wrong', async () => {
    await create({ issuer: `${openid.issuer}/nowhere`, on_own_network: true })
    const { body: said } = await request(`POST ${PATH}/sso/test`, { as: root })
    expect(said.attributes).toMatchObject({ ok: false, error: expect.stringMatching(/HTTP 404/) })
  })
})

describe('providers that speak no OpenID', () => {
  let [host, answers] = ['', {} as Record<string, unknown>]
  const asked: { path: string; body: string; auth: string }[] = []
  const stub = createServer((call, reply) => {
    let text = ''
    call.on('data', (chunk: Buffer) => (text += chunk))
    call.on('end', () => {
      asked.push({ path: call.url ?? '', body: text, auth: call.headers.authorization ?? '' })
      reply.setHeader('content-type', 'application/json')
      const said = answers[call.url ?? '']
      reply.statusCode = said === undefined ? 404 : 200
      reply.end(JSON.stringify(said ?? {}))
    })
  })
  beforeAll(async () => {
    await new Promise<void>((resolve) => stub.listen(0, '127.0.0.1', resolve))
    host = `http://127.0.0.1:${(stub.address() as AddressInfo).port}`
  })
  afterAll(() => void stub.close())

  const token = { access_token: 'canary-token', token_type: 'bearer', scope: 'user:email' }
  const signIn = async (kind: 'github' | 'discord') => {
    await makeOidc('', { id: kind, kind, createsUsers: true, options: { issuer: null, host } })
    const browser = await openBrowser()
    const end = await comeBack(browser, await browser.send(`POST /auth/providers/${kind}`, {}), (url) => {
      const { searchParams, origin } = new URL(url)
      expect([origin, searchParams.get('code_challenge_method')]).toEqual([host, 'S256'])
      return `${searchParams.get('redirect_uri')}?code=abc&state=${searchParams.get('state')}&iss=${host}/other`
    })
    return end.page
  }

  it('GitHub: by number, with the primary address if it is verified there', async () => {
    answers = {
      '/login/oauth/access_token': token,
      '/api/v3/user': { id: 583231, login: 'octocat', name: 'The Octocat' },
      '/api/v3/user/emails': [
        { email: 'other@example.test', primary: false, verified: true },
        { email: 'Octo@Example.test', primary: true, verified: true },
      ],
    }
    expect((await signIn('github')).search).toBe('')
    const [user] = await useDrizzle().select().from(users).where(eq(users.email, 'octo@example.test'))
    expect(user).toMatchObject({ username: 'octocat', nameFirst: 'The Octocat' })
    const [account] = await useDrizzle().select().from(accounts).where(eq(accounts.provider, 'github'))
    expect(account).toMatchObject({ providerAccountId: '583231', label: 'octocat', accessToken: null })
    const exchange = new URLSearchParams(asked.find(({ path }) => path.endsWith('access_token'))?.body)
    expect([exchange.get('client_secret'), exchange.get('code_verifier')?.length]).toEqual([CLIENT.secret, 43])
  })

  it('GitHub: not with an address that is not verified', async () => {
    answers = {
      ...answers,
      '/api/v3/user': { id: 99, login: 'mallory' },
      '/api/v3/user/emails': [{ email: 'mallory@example.test', primary: true, verified: false }],
    }
    expect((await signIn('github')).searchParams.get('refused')).toBe('provider.email_unverified')
  })

  it('GitHub: an exchange that it refuses with 200', async () => {
    answers = { '/login/oauth/access_token': { error: 'bad_verification_code' } }
    expect((await signIn('github')).searchParams.get('refused')).toBe('provider.refused')
  })

  it('Discord: with its address if that is verified there', async () => {
    answers = {
      '/api/oauth2/token': { ...token, token_type: 'Bearer' },
      '/api/v10/users/@me': {
        id: '80351110224678912',
        username: 'nelly',
        global_name: 'Nelly',
        email: 'nelly@example.test',
        verified: true,
      },
    }
    expect((await signIn('discord')).search).toBe('')
    const [account] = await useDrizzle().select().from(accounts).orderBy(desc(accounts.createdAt)).limit(1)
    expect(account).toMatchObject({ label: 'nelly' })

    await useDrizzle().delete(identityProviders)
    answers = { ...answers, '/api/v10/users/@me': { id: '2', username: 'x', email: 'x@example.test', verified: false } }
    expect((await signIn('discord')).searchParams.get('refused')).toBe('provider.email_unverified')
  })
})
