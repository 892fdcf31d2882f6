import { onHost } from '#server/database-engines/on-host'
import type { ServerRow } from '#server/database/schema'
import { addressOf } from '#server/services/database-hosts/host-address'
import { findHost } from '#server/services/database-hosts/queries'
import { listDatabases, type DatabaseView } from './queries'

/** A page waits for it. */
const WITHIN_MS = 3000

export interface MeasuredDatabase {
  publicId: string
  /** Null: its host did not say. */
  bytes: number | null
}

/** Each host is asked once for all that the server has on it; one that does not answer says nothing. */
export async function measureDatabases(server: Pick<ServerRow, 'id'>): Promise<MeasuredDatabase[]> {
  const views = await listDatabases(server)
  const byHost = Map.groupBy(views, ({ host }) => host.id)
  const measured = await Promise.all([...byHost].map(([id, of]) => measure(id, of)))
  const sizes = new Map(measured.flat())
  return views.map(({ publicId }) => ({ publicId, bytes: sizes.get(publicId) ?? null }))
}

async function measure(hostId: string, views: readonly DatabaseView[]): Promise<[publicId: string, bytes: number][]> {
  const host = await findHost(hostId)
  if (!host) return []
  const names = views.map(({ database }) => database.database)
  const sizes = await onHost(addressOf(host), (session) => session.sizesOf(names), { withinMs: WITHIN_MS }).catch(
    () => new Map<string, number>(),
  )
  return views.flatMap(({ publicId, database }) => {
    const bytes = sizes.get(database.database)
    return bytes === undefined ? [] : [[publicId, bytes] as [string, number]]
  })
}
