import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { itemOf, listOf } from '#server/serializers/envelope'
import { listPulls } from '#server/services/files/list-pulls'
import { files } from '#shared/contracts/client/files'

export default defineRoute(files.pulls, {
  access: onServer('file.create'),
  async handle({ server, node }) {
    const running = await listPulls({ server, node })
    return listOf(running.map((pull) => itemOf('file_pull', pull)))
  },
})
