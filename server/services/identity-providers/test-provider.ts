import type { IdentityProviderCheck } from '#shared/contracts/application/identity-providers'
import { trouble } from './explain-trouble'
import { describe } from './open-client'
import { outwardFetch } from './outward-fetch'
import { issuerOf, type Provider } from './provider'

const TIMEOUT_MS = 8_000

/** Asks a provider what it says about itself, and for its keys. That its secret is right shows only when somebody signs in. */
export async function testProvider(provider: Provider): Promise<IdentityProviderCheck> {
  const begunAt = Date.now()
  try {
    const server = (await describe(provider)).serverMetadata()
    const isOpenid = issuerOf(provider) !== undefined
    await reach(provider, isOpenid ? server.jwks_uri : server.authorization_endpoint, isOpenid)
    const found = {
      issuer: server.issuer,
      authorization: server.authorization_endpoint,
      token: server.token_endpoint,
      userinfo: server.userinfo_endpoint,
      keys: server.jwks_uri,
    }
    const named = Object.entries(found).filter((entry): entry is [string, string] => entry[1] !== undefined)
    return { ok: true, ms: Date.now() - begunAt, error: null, found: Object.fromEntries(named) }
  } catch (error) {
    return { ok: false, ms: Date.now() - begunAt, error: trouble(error), found: {} }
  }
}

/** Keys are needed for every sign-in; of one without documents only that somebody is there can be seen. */
async function reach({ options }: Provider, address: string | undefined, wantsKeys: boolean): Promise<void> {
  if (!address) throw new Error('It names no address for its keys.')
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  const ask = {
    method: 'GET',
    body: null,
    headers: { accept: 'application/json' },
    redirect: 'manual',
    signal,
  } as const
  const reply = await outwardFetch(options)(address, ask)
  const said = await reply.text()
  if (wantsKeys && !reply.ok) throw new Error(`Its keys could not be read: HTTP ${reply.status}`)
  if (wantsKeys && !/"keys"\s*:/.test(said)) throw new Error('What stands where its keys should be is no set of keys.')
}
