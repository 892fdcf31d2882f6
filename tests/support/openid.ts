import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey, type JWTPayload } from 'jose'
import { Provider } from 'oidc-provider'

export const CLIENT = { id: 'xyrapanel', secret: 'canary-client-secret-of-the-provider' } as const

export type Claims = Record<string, unknown>

export interface OpenIdProvider extends AsyncDisposable {
  issuer: string
  /** Who is known there, by subject. */
  people: Map<string, Claims>
  /** Goes where the panel sent somebody, signs in as this one, and says where he is sent back to. */
  visit: (url: string, subject: string) => Promise<string>
}

/** A real OpenID provider over loopback HTTP; nobody is asked for consent. It insists on PKCE and knows one client. */
export async function startOpenIdProvider({ redirectUris }: { redirectUris: string[] }): Promise<OpenIdProvider> {
  const people = new Map<string, Claims>()
  const signingIn = { subject: '' }
  const listening = createServer()
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`

  const provider = new Provider(issuer, {
    clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: redirectUris }],
    cookies: { keys: ['only for tests'] },
    pkce: { required: () => true },
    claims: {
      openid: ['sub'],
      email: ['email', 'email_verified'],
      profile: ['name', 'given_name', 'family_name', 'preferred_username', 'groups', 'realm'],
    },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_: unknown, subject: string) => ({
      accountId: subject,
      claims: () => ({ sub: subject, ...people.get(subject) }),
    }),
    async loadExistingGrant(ctx: Loose) {
      const { client, session } = ctx.oidc
      const grant = new ctx.oidc.provider.Grant({ clientId: client.clientId, accountId: session.accountId })
      grant.addOIDCScope('openid profile email')
      await grant.save()
      return grant
    },
  } as Loose)
  const answer = provider.callback()
  listening.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return void answer(request, response)
    void provider.interactionFinished(request, response, { login: { accountId: signingIn.subject } })
  })

  return {
    issuer,
    people,
    async visit(url, subject) {
      signingIn.subject = subject
      const cookies = new Map<string, string>()
      let at = url
      while (at.startsWith(issuer)) {
        const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
        const reply = await fetch(at, { redirect: 'manual', headers: { cookie } })
        for (const line of reply.headers.getSetCookie()) {
          const [pair = ''] = line.split(';', 1)
          cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
        }
        const next = reply.headers.get('location')
        if (!next) throw new Error(`The provider answered ${reply.status}: ${await reply.text()}`)
        at = new URL(next, at).href
      }
      return at
    },
    async [Symbol.asyncDispose]() {
      listening.closeAllConnections()
      await new Promise((done) => listening.close(done))
    },
  }
}

type Loose = ReturnType<typeof JSON.parse>

export interface Forger extends AsyncDisposable {
  issuer: string
  key: CryptoKey
  strangersKey: CryptoKey
  /** What the next exchange of a code is answered with, as an ID token. */
  give: (makeToken: (nonce: string) => Promise<string> | string) => void
  /** Where it would send somebody back to. */
  back: (url: string) => string
  sign: (claims: JWTPayload, key?: CryptoKey) => Promise<string>
  unsigned: (claims: JWTPayload) => string
}

/** A provider whose documents are in order and whose tokens are what the test makes of them. */
export async function startForger(): Promise<Forger> {
  const own = await generateKeyPair('RS256')
  const stranger = await generateKeyPair('RS256')
  const jwk = { ...(await exportJWK(own.publicKey)), kid: 'own', alg: 'RS256', use: 'sig' }
  let nonce = ''
  let makeToken: (nonce: string) => Promise<string> | string = () => ''

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const json = (value: unknown) => {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(value))
    }
    if (request.url?.startsWith('/.well-known/'))
      return json({
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/keys`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
      })
    if (request.url === '/keys') return json({ keys: [jwk] })
    return json({ access_token: 'canary-access', token_type: 'Bearer', id_token: await makeToken(nonce) })
  }
  const listening = createServer((request, response) => void handle(request, response))
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`

  return {
    issuer,
    key: own.privateKey,
    strangersKey: stranger.privateKey,
    give: (make) => (makeToken = make),
    back(url) {
      const { searchParams } = new URL(url)
      nonce = searchParams.get('nonce') ?? ''
      return `${searchParams.get('redirect_uri')}?code=any&state=${searchParams.get('state')}`
    },
    sign: (claims, key = own.privateKey) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'own' }).sign(key),
    unsigned: (claims) => new UnsecuredJWT(claims).encode(),
    async [Symbol.asyncDispose]() {
      listening.closeAllConnections()
      await new Promise((done) => listening.close(done))
    },
  }
}
