import type { FileStat } from '#server/services/files/list-files'
import type { Wire } from '#shared/contracts/envelope'
import type { fileObject } from '#shared/contracts/client/files'
import { itemOf, stampOf } from '../envelope'

export function serializeFile(file: FileStat): Wire<typeof fileObject> {
  return itemOf('file_object', {
    name: file.name,
    mode: file.mode,
    mode_bits: file.modeBits,
    size: file.sizeBytes,
    is_file: file.isFile,
    is_symlink: file.isSymlink,
    mimetype: file.mime,
    created_at: stampOf(file.createdAt),
    modified_at: stampOf(file.modifiedAt),
  })
}
