import * as openid from 'openid-client'
import { outwardFetch } from './outward-fetch'
import { issuerOf, type Provider } from './provider'

const TIMEOUT_S = 8
/** Documents change when a provider is moved or updated; its keys are looked up whenever one is unknown. */
const KEPT_FOR_MS = 10 * 60_000
const KEPT_MOST = 50

const kept = new Map<string, { until: number; client: Promise<openid.Configuration> }>()

/** Ready to speak with a provider. What it says about itself is asked for once in a while. */
export function openClient(provider: Provider): Promise<openid.Configuration> {
  const { kind, clientId, clientSecret, options } = provider
  const key = JSON.stringify([kind, issuerOf(provider), options.host, options.onOwnNetwork, clientId, clientSecret])
  const known = kept.get(key)
  if (known && known.until > Date.now()) return known.client

  const client = describe(provider)
  kept.delete(key)
  kept.set(key, { until: Date.now() + KEPT_FOR_MS, client })
  for (const oldest of kept.keys()) if (kept.size > KEPT_MOST) kept.delete(oldest)
  client.catch(() => kept.delete(key))
  return client
}

/** Asks anew. */
export async function describe(provider: Provider): Promise<openid.Configuration> {
  const { clientId, clientSecret, options } = provider
  const issuer = issuerOf(provider)
  const fetch = outwardFetch(options)
  // Without the first, a token that comes over TLS is believed without a look at its signature.
  const execute = [openid.enableNonRepudiationChecks, ...(options.onOwnNetwork ? [openid.allowInsecureRequests] : [])]
  if (issuer !== undefined) {
    return openid.discovery(new URL(issuer), clientId, {}, authentication(clientSecret), {
      [openid.customFetch]: fetch,
      timeout: TIMEOUT_S,
      execute,
    })
  }

  const client = new openid.Configuration(endpointsOf(provider), clientId, {}, authentication(clientSecret))
  client[openid.customFetch] = fetch
  client.timeout = TIMEOUT_S
  for (const extension of execute) extension(client)
  return client
}

/** Basic is what OpenID Connect takes for granted; whoever names only the other way gets that. */
function authentication(secret: string): openid.ClientAuth {
  const [basic, post] = [openid.ClientSecretBasic(secret), openid.ClientSecretPost(secret)]
  return (server, client, body, headers) => {
    const ways = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
    const way = ways.includes('client_secret_basic') ? basic : post
    way(server, client, body, headers)
  }
}

/** GitHub and Discord describe themselves in no document. */
function endpointsOf({ kind, options }: Provider): openid.ServerMetadata {
  if (kind === 'github') {
    const host = options.host ?? 'https://github.com'
    return {
      issuer: `${host}/login/oauth`,
      authorization_endpoint: `${host}/login/oauth/authorize`,
      token_endpoint: `${host}/login/oauth/access_token`,
      token_endpoint_auth_methods_supported: ['client_secret_post'],
    }
  }
  const host = options.host ?? 'https://discord.com'
  return {
    issuer: host,
    authorization_endpoint: `${host}/oauth2/authorize`,
    token_endpoint: `${host}/api/oauth2/token`,
  }
}
