import { wings } from '#server/wings/client'
import { recordFileActivity, type OnServer } from './on-server'

export async function createFolder({
  directory,
  name,
  ...on
}: OnServer & { directory: string; name: string }): Promise<void> {
  await wings(on.node).files.createDirectory(on.server.uuid, directory, name)
  await recordFileActivity(on, 'server:file.create-directory', { directory, name })
}
