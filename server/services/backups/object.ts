import { eq } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { servers, type BackupRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { objectStore } from '#server/object-store/client'
import { findStore, type HostStore } from '#server/services/backup-hosts/host-store'

/** As long as people and nodes need to begin: what runs when it ends is not cut off. */
const DOWNLOAD_SECONDS = 5 * 60

export interface ObjectPlace {
  store: HostStore
  /** Of both other panels too, so that what they stored is found. */
  key: string
}

export const objectKey = (server: string, backup: string): string => `${server}/${backup}.tar.gz`

type Stored = Pick<BackupRow, 'serverId' | 'uuid' | 'backupHostId'>

/** @throws {AppError} `object_store.missing` */
export async function placeOf({ serverId, uuid, backupHostId }: Stored): Promise<ObjectPlace> {
  const [[server], store] = await Promise.all([
    useDrizzle().select({ uuid: servers.uuid }).from(servers).where(eq(servers.id, serverId)),
    findStore(backupHostId),
  ])
  if (!server || !store) throw new AppError('object_store.missing')
  return { store, key: objectKey(server.uuid, uuid) }
}

/** An address for a browser. Signed here: the store is not asked. @throws {AppError} `object_store.missing` */
export async function presignDownload(backup: Stored): Promise<string> {
  const { store, key } = await placeOf(backup)
  return objectStore(store).presignDownload(key, DOWNLOAD_SECONDS)
}

/** The same for a node, which opens it before it answers. @throws {AppError} `object_store.missing` */
export const presignRestore = (backup: Stored): Promise<string> => presignDownload(backup)

/** What a store holds of a backup: the parts of an upload that did not end, and the object. Nothing there is done. */
export async function removeFrom({ store, key }: ObjectPlace, uploadId: string | null): Promise<void> {
  const opened = objectStore(store)
  if (uploadId) await opened.abortUpload(key, uploadId)
  await opened.remove(key)
}
