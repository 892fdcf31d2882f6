import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { createFolder } from '#server/services/files/create-folder'
import { files } from '#shared/contracts/client/files'

export default defineRoute(files.createFolder, {
  access: onServer('file.create'),
  handle: ({ actor, server, node, body }) =>
    createFolder({ actor, server, node, directory: body.root ?? '/', name: body.name }),
})
