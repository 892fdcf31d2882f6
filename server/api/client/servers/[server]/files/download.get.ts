import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { itemOf } from '#server/serializers/envelope'
import { signDownload } from '#server/services/files/sign-download'
import { files } from '#shared/contracts/client/files'

export default defineRoute(files.download, {
  access: onServer('file.read-content'),
  async handle({ actor, server, node, query, url }) {
    return itemOf('signed_url', {
      url: await signDownload({ actor, server, node, file: query.file, panel: url.origin }),
    })
  },
})
