import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { cancelPull } from '#server/services/files/cancel-pull'
import { files } from '#shared/contracts/client/files'

export default defineRoute(files.cancelPull, {
  access: onServer('file.create'),
  handle: ({ server, node, params }) => cancelPull({ server, node, pull: params.pull }),
})
