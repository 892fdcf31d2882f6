import { wings } from '#server/wings/client'
import { recordFileActivity, type OnServer } from './on-server'

/** Deletes for good, folders with all that is in them. @throws {AppError} `file.root_refused` */
export async function removeFiles({
  directory,
  files,
  ...on
}: OnServer & { directory: string; files: string[] }): Promise<void> {
  await wings(on.node).files.remove(on.server.uuid, directory, files)
  await recordFileActivity(on, 'server:file.delete', { directory, files })
}
