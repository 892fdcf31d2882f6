import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeFile } from '#server/serializers/client/file'
import { listOf } from '#server/serializers/envelope'
import { listFiles } from '#server/services/files/list-files'
import { files } from '#shared/contracts/client/files'

export default defineRoute(files.list, {
  access: onServer('file.read'),
  async handle({ server, node, query }) {
    const found = await listFiles({ server, node, directory: query.directory ?? '/' })
    return listOf(found.map(serializeFile))
  },
})
