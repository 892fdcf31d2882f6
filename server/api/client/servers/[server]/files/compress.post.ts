import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeFile } from '#server/serializers/client/file'
import { compressFiles } from '#server/services/files/compress-files'
import { files } from '#shared/contracts/client/files'

export default defineRoute(files.compress, {
  access: onServer('file.archive'),
  async handle({ actor, server, node, body: { root, files: packed, name = null, extension = null } }) {
    const asked = { directory: root ?? '/', files: packed, name, extension }
    return serializeFile(await compressFiles({ actor, server, node, ...asked }))
  },
})
