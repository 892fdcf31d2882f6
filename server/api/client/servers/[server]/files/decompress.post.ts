import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { decompressFile } from '#server/services/files/decompress-file'
import { files } from '#shared/contracts/client/files'

export default defineRoute(files.decompress, {
  access: onServer('file.create'),
  handle: ({ actor, server, node, body }) =>
    decompressFile({ actor, server, node, directory: body.root ?? '/', file: body.file }),
})
