import { wings } from '#server/wings/client'
import { recordFileActivity, type OnServer } from './on-server'

/** A copy beside the file, under a name that the node chooses. */
export async function copyFile({ file, ...on }: OnServer & { file: string }): Promise<void> {
  await wings(on.node).files.copy(on.server.uuid, file)
  await recordFileActivity(on, 'server:file.copy', { file })
}
