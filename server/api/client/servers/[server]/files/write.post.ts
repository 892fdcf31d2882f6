import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { readBytes } from '#server/http/input'
import { writeFile } from '#server/services/files/write-file'
import { files } from '#shared/contracts/client/files'

export default defineRoute(files.write, {
  access: onServer('file.create'),
  async handle({ event, actor, server, node, query }) {
    await writeFile({ actor, server, node, file: query.file, bytes: await readBytes(event) })
  },
})
