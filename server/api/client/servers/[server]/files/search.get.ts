import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeFile } from '#server/serializers/client/file'
import { listOf } from '#server/serializers/envelope'
import { searchFiles } from '#server/services/files/search-files'
import { files } from '#shared/contracts/client/files'

export default defineRoute(files.search, {
  access: onServer('file.read'),
  async handle({ server, node, query: { directory, pattern } }) {
    return listOf((await searchFiles({ server, node, directory: directory ?? '/', pattern })).map(serializeFile))
  },
})
