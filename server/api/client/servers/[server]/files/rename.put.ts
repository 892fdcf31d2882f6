import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { renameFiles } from '#server/services/files/rename-files'
import { files } from '#shared/contracts/client/files'

export default defineRoute(files.rename, {
  access: onServer('file.update'),
  handle: ({ actor, server, node, body }) =>
    renameFiles({ actor, server, node, directory: body.root ?? '/', files: body.files }),
})
