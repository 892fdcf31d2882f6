import { randomBytes } from 'node:crypto'
import { setCookie } from 'h3'
import { signIn } from '#shared/contracts/client/sign-in'
import { anyone } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { panelAddress } from '#server/http/panel-address'

export default defineRoute(signIn.csrfCookie, {
  access: anyone('a client that is no browser proves with it that its writes are its own'),
  async handle({ event }) {
    const secure = panelAddress(event).startsWith('https:')
    setCookie(event, 'XSRF-TOKEN', randomBytes(24).toString('base64url'), {
      path: '/',
      sameSite: 'lax',
      secure,
      maxAge: 7200,
    })
  },
})
