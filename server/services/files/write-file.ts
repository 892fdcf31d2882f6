import { wings } from '#server/wings/client'
import { recordFileActivity, type OnServer } from './on-server'

/** Makes the file, or replaces what is in it. */
export async function writeFile({ file, bytes, ...on }: OnServer & { file: string; bytes: Uint8Array }): Promise<void> {
  await wings(on.node).files.write(on.server.uuid, file, bytes)
  await recordFileActivity(on, 'server:file.write', { file })
}
