import { wings } from '#server/wings/client'
import { recordFileActivity, type OnServer } from './on-server'

/** Renames or moves. */
export async function renameFiles({
  directory,
  files,
  ...on
}: OnServer & { directory: string; files: { from: string; to: string }[] }): Promise<void> {
  await wings(on.node).files.rename(on.server.uuid, directory, files)
  await recordFileActivity(on, 'server:file.rename', { directory, files })
}
