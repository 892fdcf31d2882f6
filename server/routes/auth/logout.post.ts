import { signIn } from '#shared/contracts/client/sign-in'
import { sessionTokenOf } from '#server/auth/identify'
import { anyone } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { clearSessionCookie } from '#server/http/visitor'
import { signOut } from '#server/services/account/sign-out'

export default defineRoute(signIn.signOut, {
  access: anyone('a session that has ended already is signed out'),
  async handle({ event }) {
    const token = sessionTokenOf(event)
    if (token) await signOut({ token })
    clearSessionCookie(event)
  },
})
