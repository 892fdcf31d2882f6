import { untilTokensCount } from '#server/services/access/denials'
import { signFileUpload } from '#server/wings/tokens'
import { recordFileActivity, type OnServer } from './on-server'

/** Where a browser sends files to, straight to the node; `&directory=` is added by it. What arrives, the node reports. */
export async function signUpload({ panel, ...on }: OnServer & { panel: string }): Promise<string> {
  const { actor, server, node } = on
  await untilTokensCount(actor.userId)
  const url = await signFileUpload({ node, panel, server: server.uuid, user: { id: actor.userId, uuid: actor.uuid } })
  await recordFileActivity(on, 'server:file.upload')
  return url
}
