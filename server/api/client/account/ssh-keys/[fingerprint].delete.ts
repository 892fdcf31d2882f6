import { AppError } from '#server/errors'
import { signedIn } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { removeSshKey } from '#server/services/account/ssh-keys/remove-ssh-key'
import { sshKeys } from '#shared/contracts/client/ssh-keys'

export default defineRoute(sshKeys.removeByPath, {
  access: signedIn(),
  async handle({ actor, params }) {
    if (!(await removeSshKey({ actor, fingerprint: params.fingerprint }))) throw new AppError('resource.not_found')
  },
})
