import { eq } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { servers, wingsNodes } from '#server/database/schema'
import { wings } from '#server/wings/client'

interface Forget {
  nodeId: string
  /** The uuid of a server that has no row any more. */
  server: string
  /** Of backups that the node may still keep. */
  archives: string[]
}

/** Has a node delete what it may still hold of a server that is gone here. A node that is gone, or never had it, is done. */
export async function forgetServerOnNode({ nodeId, server, archives }: Forget): Promise<void> {
  const db = useDrizzle()
  // Nothing that exists is ever deleted by a job that was late.
  if ((await db.$count(servers, eq(servers.uuid, server))) > 0) return
  const [node] = await db.select().from(wingsNodes).where(eq(wingsNodes.id, nodeId))
  if (!node) return
  // A daemon knows archives only while it has their server.
  for (const archive of archives) await wings(node).backups.remove(server, archive)
  await wings(node).servers.remove(server)
}
