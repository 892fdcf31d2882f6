import { AppError } from '#server/errors'
import { untilTokensCount } from '#server/services/access/denials'
import { signFileDownload } from '#server/wings/tokens'
import { normalPath } from '#shared/utils/paths'
import { recordFileActivity, type OnServer } from './on-server'

interface SignDownload extends OnServer {
  file: string
  /** The panel's own address. */
  panel: string
}

/**
 * A link with which a browser fetches one file straight from the node, once.
 *
 * @throws {AppError} `file.path_refused`
 */
export async function signDownload({ file, panel, ...on }: SignDownload): Promise<string> {
  const path = normalPath(decodedAgain(file))
  if (path === null) throw new AppError('file.path_refused', { values: { path: file } })
  const { actor, server, node } = on
  await untilTokensCount(actor.userId)
  const url = await signFileDownload({
    node,
    panel,
    server: server.uuid,
    user: { id: actor.userId, uuid: actor.uuid },
    file: path,
  })
  await recordFileActivity(on, 'server:file.download', { file: path })
  return url
}

/** This one path was always decoded a second time, and there are clients that encode it twice. What is no code stays. */
const decodedAgain = (file: string): string =>
  file.replace(/(?:%[0-9a-f]{2})+/gi, (codes) => {
    try {
      return decodeURIComponent(codes)
    } catch {
      return codes
    }
  })
