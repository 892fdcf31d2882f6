import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { itemOf } from '#server/serializers/envelope'
import { signUpload } from '#server/services/files/sign-upload'
import { files } from '#shared/contracts/client/files'

export default defineRoute(files.upload, {
  access: onServer('file.create'),
  async handle({ actor, server, node, url }) {
    return itemOf('signed_url', { url: await signUpload({ actor, server, node, panel: url.origin }) })
  },
})
