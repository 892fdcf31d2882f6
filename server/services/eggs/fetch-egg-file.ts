import { AppError } from '#server/errors'
import { EGG_FILE_MAX_BYTES, readEggFile, type EggFile } from '#server/services/eggs/format/read-egg-file'
import { fetchPublic } from '#server/services/outside/fetch-public'
import { getSettings } from '#server/services/settings/current-settings'

interface FetchEggFile {
  address: string
  /** Of what was shown before. A script that nobody has read is not taken in. */
  hash?: string | null
}

/**
 * An egg from where it is published. One that names no address for newer versions of itself gets this one.
 *
 * @throws {AppError} `outside.*`, `egg.file_changed`, and whatever `readEggFile` refuses
 */
export async function fetchEggFile({ address, hash }: FetchEggFile): Promise<EggFile> {
  const { eggs } = await getSettings()
  const fetched = await fetchPublic(address, {
    maxBytes: EGG_FILE_MAX_BYTES,
    allowsPrivate: eggs.allowsPrivateAddresses,
  })
  const file = readEggFile(fetched?.bytes ?? Buffer.alloc(0))
  if (hash && hash !== file.hash) throw new AppError('egg.file_changed')
  return { ...file, definition: { ...file.definition, updateUrl: file.definition.updateUrl ?? address } }
}
