import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { answerBytes } from '#server/http/reply'
import { readFile } from '#server/services/files/read-file'
import { files } from '#shared/contracts/client/files'

export default defineRoute(files.contents, {
  access: onServer('file.read-content'),
  async handle({ event, actor, server, node, query }) {
    answerBytes(event, await readFile({ actor, server, node, file: query.file }), 'text/plain; charset=utf-8')
  },
})
