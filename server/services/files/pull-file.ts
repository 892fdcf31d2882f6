import { limitUse } from '#server/services/throttles/limit-use'
import { wings } from '#server/wings/client'
import { assertPublic } from './assert-public'
import { recordFileActivity, type OnServer } from './on-server'

interface PullFile extends OnServer {
  url: string
  directory: string
  fileName: string | null
  /** The name that the other side gives it wins. */
  usesHeader: boolean
  /** Waits until the file is there. */
  isForeground: boolean
}

/**
 * Has the node fetch a file from an address. In the background it is only begun: what becomes of it shows in the list of
 * running ones and, where the node refuses it after all, in the node's log.
 *
 * @throws {AppError} `file.pull_refused`, `request.too_many`
 */
export async function pullFile({ url, directory, fileName, usesHeader, isForeground, ...on }: PullFile): Promise<void> {
  await limitUse({ bucket: 'files-pull', name: on.actor.userId })
  const wanted = {
    url: await assertPublic(url),
    folder: directory,
    ...(fileName && { fileName }),
    useHeader: usesHeader,
  }
  const { files } = wings(on.node)
  await (isForeground ? files.pullAndWait(on.server.uuid, wanted) : files.pull(on.server.uuid, wanted))
  await recordFileActivity(on, 'server:file.pull', { directory, url })
}
