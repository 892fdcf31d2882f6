import { signedIn } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { removeSshKey } from '#server/services/account/ssh-keys/remove-ssh-key'
import { sshKeys } from '#shared/contracts/client/ssh-keys'

export default defineRoute(sshKeys.remove, {
  access: signedIn(),
  async handle({ actor, body }) {
    await removeSshKey({ actor, fingerprint: body.fingerprint })
  },
})
