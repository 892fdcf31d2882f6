import { signedIn } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { deleteAccountKey } from '#server/services/api-keys/delete-account-key'
import { apiKeys } from '#shared/contracts/client/api-keys'

export default defineRoute(apiKeys.remove, {
  access: signedIn(),
  handle: ({ actor, params }) => deleteAccountKey({ actor, identifier: params.identifier }),
})
