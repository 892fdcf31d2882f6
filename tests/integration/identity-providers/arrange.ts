import { z } from 'zod'
import { identityProviderOptions } from '#server/database/json'
import type { IdentityProviderRow } from '#server/database/schema'
import type { Reply } from '../../support/api'
import type { openBrowser } from '../../support/browser'
import { makeIdentityProvider } from '../../support/factories'
import { CLIENT } from '../../support/openid'

export type Browser = Awaited<ReturnType<typeof openBrowser>>

/** A provider of the panel's that stands on this machine. */
export const makeOidc = (
  issuer: string,
  { options = {}, ...values }: Partial<Omit<IdentityProviderRow, 'options'>> & { options?: object } = {},
) =>
  makeIdentityProvider({
    kind: 'oidc',
    name: 'Company SSO',
    clientId: CLIENT.id,
    clientSecret: CLIENT.secret,
    ...values,
    options: z.encode(
      identityProviderOptions,
      identityProviderOptions.out.parse({ issuer, onOwnNetwork: true, ...options }),
    ),
  })

/** Sends a browser to a provider and back: what the panel answered in the end, and where it leads. */
export async function comeBack(
  browser: Browser,
  begin: Reply,
  go: (url: string) => Promise<string> | string,
): Promise<{ reply: Reply; page: URL }> {
  if (begin.status !== 200) throw new Error(JSON.stringify(begin.body))
  const back = new URL(await go((begin.body.attributes ?? begin.body).url as string))
  const reply = await browser.send(`GET ${back.pathname}${back.search}`)
  return { reply, page: new URL(reply.headers.get('location') ?? 'about:blank', back.origin) }
}
