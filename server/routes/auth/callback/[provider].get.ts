import { signIn } from '#shared/contracts/client/sign-in'
import { findCaller } from '#server/auth/identify'
import { anyone } from '#server/http/access'
import { clientAddress } from '#server/http/address'
import { defineRoute } from '#server/http/define-route'
import { answerRedirect } from '#server/http/reply'
import { passCookies, takeVisitSecret, visitorOf } from '#server/http/visitor'
import { finishVisit, type VisitEnd } from '#server/services/identity-providers/finish-visit'

export default defineRoute(signIn.finishVisit, {
  access: anyone('a provider sends people back here; the state says whether they were sent there'),
  async handle({ event, params, url }) {
    const caller = await findCaller(event, clientAddress(event))
    const end = await finishVisit({
      providerId: params.provider,
      query: url.searchParams,
      secret: takeVisitSecret(event),
      visitor: visitorOf(event),
      person: caller?.person,
    })
    if (end.kind === 'signed-in' && end.result.isComplete) passCookies(event, end.result.cookies)
    answerRedirect(event, pageAfter(end, params.provider))
  },
})

/** A page of ours; where to go from there is judged by it. The token of the checkpoint goes behind the `#`. */
function pageAfter(end: VisitEnd, provider: string): `/${string}` {
  if (end.kind === 'linked') return `/account/security?connected=${provider}`
  if (end.kind === 'refused' && end.wasLink) return `/account/security?refused=${end.reason}`

  const query = new URLSearchParams({
    ...(end.redirect && { redirect: end.redirect }),
    ...(end.kind === 'refused' && { refused: end.reason }),
  }).toString()
  const suffix = query === '' ? '' : `?${query}`
  if (end.kind === 'refused' || end.result.isComplete) return `/auth/login${suffix}`
  return `/auth/two-factor${suffix}#${end.result.checkpointToken}`
}
