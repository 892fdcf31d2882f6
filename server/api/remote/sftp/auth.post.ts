import { remote } from '#server/contracts/remote'
import { defineRoute } from '#server/http/define-route'
import { fromNode } from '#server/http/from-node'
import { signInToSftp } from '#server/services/account/sign-in-to-sftp'

export default defineRoute(remote.signInToSftp, {
  access: fromNode(),
  handle: ({ node, body }) => signInToSftp({ node, credentials: body }),
})
