import { signedIn } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeSshKey } from '#server/serializers/client/ssh-key'
import { addSshKey } from '#server/services/account/ssh-keys/add-ssh-key'
import { sshKeys } from '#shared/contracts/client/ssh-keys'

export default defineRoute(sshKeys.add, {
  access: signedIn(),
  async handle({ actor, body }) {
    return serializeSshKey(await addSshKey({ actor, name: body.name, publicKey: body.public_key }))
  },
})
