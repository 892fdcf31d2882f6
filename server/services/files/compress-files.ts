import { wings } from '#server/wings/client'
import type { FileStat } from '#server/wings/files'
import type { ARCHIVE_EXTENSIONS } from '#shared/contracts/client/files'
import { recordFileActivity, type OnServer } from './on-server'

interface CompressFiles extends OnServer {
  directory: string
  files: string[]
  /** Without its extension; null: as the daemon has it. */
  name: string | null
  extension: (typeof ARCHIVE_EXTENSIONS)[number] | null
}

/** Packs into an archive beside them. Waits for up to a quarter of an hour. */
export async function compressFiles({ directory, files, name, extension, ...on }: CompressFiles): Promise<FileStat> {
  const archive = await wings(on.node).files.compress(on.server.uuid, directory, files, { name, extension })
  await recordFileActivity(on, 'server:file.compress', { directory, files })
  return archive
}
