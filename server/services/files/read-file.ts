import { getSettings } from '#server/services/settings/current-settings'
import { wings } from '#server/wings/client'
import { recordFileActivity, type OnServer } from './on-server'

const MIB = 1024 * 1024

/**
 * The bytes of a file that the editor can hold.
 *
 * @throws {AppError} `file.too_large`, `file.path_refused`, `node.*`
 */
export async function readFile({ file, ...on }: OnServer & { file: string }): Promise<Buffer> {
  const { editorMib } = (await getSettings()).limits
  const { bytes } = await wings(on.node).files.contents(on.server.uuid, file, { maxBytes: editorMib * MIB })
  await recordFileActivity(on, 'server:file.read', { file })
  return bytes
}
