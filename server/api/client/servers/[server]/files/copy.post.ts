import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { copyFile } from '#server/services/files/copy-file'
import { files } from '#shared/contracts/client/files'

export default defineRoute(files.copy, {
  access: onServer('file.create'),
  handle: ({ actor, server, node, body }) => copyFile({ actor, server, node, file: body.location }),
})
