import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { pullFile } from '#server/services/files/pull-file'
import { files } from '#shared/contracts/client/files'

export default defineRoute(files.pull, {
  access: onServer('file.create'),
  handle: ({ actor, server, node, body: { url, directory, filename, use_header: usesHeader, foreground } }) =>
    pullFile({
      actor,
      server,
      node,
      url,
      directory: directory ?? '/',
      fileName: filename ?? null,
      usesHeader: usesHeader ?? false,
      isForeground: foreground ?? false,
    }),
})
