import { signedIn } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeSshKey } from '#server/serializers/client/ssh-key'
import { listOf } from '#server/serializers/envelope'
import { listSshKeys } from '#server/services/account/ssh-keys/queries'
import { sshKeys } from '#shared/contracts/client/ssh-keys'

export default defineRoute(sshKeys.list, {
  access: signedIn(),
  async handle({ actor }) {
    return listOf((await listSshKeys(actor.userId)).map(serializeSshKey))
  },
})
