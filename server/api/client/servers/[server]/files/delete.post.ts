import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { removeFiles } from '#server/services/files/remove-files'
import { files } from '#shared/contracts/client/files'

export default defineRoute(files.remove, {
  access: onServer('file.delete'),
  handle: ({ actor, server, node, body }) =>
    removeFiles({ actor, server, node, directory: body.root ?? '/', files: body.files }),
})
