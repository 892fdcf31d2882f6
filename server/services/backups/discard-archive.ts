import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import { useDrizzle } from '#server/database/client'
import { serverBackups, wingsNodes } from '#server/database/schema'
import { wings } from '#server/wings/client'

export const unfinished = z.object({
  nodeId: z.string(),
  /** Uuids, as server and backup may be gone. */
  server: z.uuid(),
  backup: z.uuid(),
})

/** Removes from a node what it wrote of a backup that failed: it keeps what it could not finish. What turned out well meanwhile stays. */
export async function discardArchive({ nodeId, server, backup }: z.output<typeof unfinished>): Promise<void> {
  const db = useDrizzle()
  const isKept = and(eq(serverBackups.uuid, backup), eq(serverBackups.isSuccessful, true))
  if ((await db.$count(serverBackups, isKept)) > 0) return
  const [node] = await db.select().from(wingsNodes).where(eq(wingsNodes.id, nodeId))
  if (node) await wings(node).backups.remove(server, backup)
}
