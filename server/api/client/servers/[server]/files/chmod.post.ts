import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { changeModes } from '#server/services/files/change-modes'
import { files } from '#shared/contracts/client/files'

export default defineRoute(files.chmod, {
  access: onServer('file.update'),
  handle: ({ server, node, body }) => changeModes({ server, node, directory: body.root ?? '/', files: body.files }),
})
