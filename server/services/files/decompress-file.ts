import { wings } from '#server/wings/client'
import { recordFileActivity, type OnServer } from './on-server'

/** Unpacks into its folder, over what is there. Waits for up to a quarter of an hour. */
export async function decompressFile({
  directory,
  file,
  ...on
}: OnServer & { directory: string; file: string }): Promise<void> {
  await wings(on.node).files.decompress(on.server.uuid, directory, file)
  await recordFileActivity(on, 'server:file.decompress', { directory, files: file })
}
