import { wings } from '#server/wings/client'
import type { FileStat } from '#server/wings/files'
import { recordFileActivity, type OnServer } from './on-server'

/** Packs into an archive beside them. Waits for up to a quarter of an hour. */
export async function compressFiles({
  directory,
  files,
  ...on
}: OnServer & { directory: string; files: string[] }): Promise<FileStat> {
  const archive = await wings(on.node).files.compress(on.server.uuid, directory, files)
  await recordFileActivity(on, 'server:file.compress', { directory, files })
  return archive
}
