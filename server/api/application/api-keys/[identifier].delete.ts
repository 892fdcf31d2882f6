import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { deleteApplicationKey } from '#server/services/api-keys/change-application-key'
import { applicationKeys } from '#shared/contracts/application/api-keys'

export default defineRoute(applicationKeys.remove, {
  access: administrator('api_keys', 'write'),
  handle: ({ actor, params }) => deleteApplicationKey({ actor, identifier: params.identifier }),
})
