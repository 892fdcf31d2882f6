import { setResponseHeader } from 'h3'
import { signIn } from '#shared/contracts/client/sign-in'
import { anyone } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { visitorOf } from '#server/http/visitor'
import { createChallenge } from '#server/services/captcha/create-challenge'

export default defineRoute(signIn.captcha, {
  access: anyone('whoever signs in may have to work for it'),
  async handle({ event }) {
    setResponseHeader(event, 'cache-control', 'no-store')
    const { parameters, signature = '' } = await createChallenge({ address: visitorOf(event).ip })
    // Without what is not set: it is signed without, and would not come back.
    return { parameters: JSON.parse(JSON.stringify(parameters)) as Record<string, string | number>, signature }
  },
})
