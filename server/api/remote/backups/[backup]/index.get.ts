import { remote } from '#server/contracts/remote'
import { defineRoute } from '#server/http/define-route'
import { fromNode } from '#server/http/from-node'
import { signUpload } from '#server/services/backups/sign-upload'

export default defineRoute(remote.signUpload, {
  access: fromNode('backup'),
  async handle({ backup, query }) {
    const { parts, partSize, concurrentUploads } = await signUpload({ backup, size: query.size })
    return { parts, part_size: partSize, max_concurrent_uploads: concurrentUploads }
  },
})
