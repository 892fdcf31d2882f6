import { aliasedTable, and, desc, eq, isNull } from 'drizzle-orm'
import { useDrizzle, type Executor } from '#server/database/client'
import {
  servers,
  serverTransfers,
  wingsNodes,
  type ServerRow,
  type TransferRow,
  type WingsNodeRow,
} from '#server/database/schema'

type End = Pick<WingsNodeRow, 'id' | 'name'>
export interface TransferView {
  transfer: TransferRow
  source: End
  target: End
}

/** The newest transfer of a server, open or over, with the names of its ends. */
export async function viewLatestTransfer(server: Pick<ServerRow, 'id'>): Promise<TransferView | undefined> {
  const source = aliasedTable(wingsNodes, 'source')
  const target = aliasedTable(wingsNodes, 'target')
  const [found] = await useDrizzle()
    .select({
      transfer: serverTransfers,
      source: { id: source.id, name: source.name },
      target: { id: target.id, name: target.name },
    })
    .from(serverTransfers)
    .innerJoin(source, eq(source.id, serverTransfers.sourceNodeId))
    .innerJoin(target, eq(target.id, serverTransfers.targetNodeId))
    .where(eq(serverTransfers.serverId, server.id))
    .orderBy(desc(serverTransfers.id))
    .limit(1)
  return found
}

/** The servers on their way to a node. */
export async function listIncoming(node: Pick<WingsNodeRow, 'id'>, tx: Executor = useDrizzle()): Promise<ServerRow[]> {
  const rows = await tx
    .select({ server: servers })
    .from(serverTransfers)
    .innerJoin(servers, eq(servers.id, serverTransfers.serverId))
    .where(and(eq(serverTransfers.targetNodeId, node.id), isNull(serverTransfers.finishedAt)))
  return rows.map(({ server }) => server)
}
