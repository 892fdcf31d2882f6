import { allocations } from '#shared/contracts/application/allocations'
import type { Node } from '#shared/contracts/application/nodes'
import type { ManagedServer } from '#shared/contracts/application/servers'
import { transfers } from '#shared/contracts/application/transfers'
import type { BulkResult } from './useManagedServers'

export interface BulkTransfer {
  servers: readonly ManagedServer[]
  node: Pick<Node, 'id' | 'name'>
  withBackups: boolean
  starts: boolean
}

/** Begins to move servers, one after the other, each with as many ports as it has now. */
export function useBulkTransfer(refresh: () => Promise<unknown>) {
  const { t } = useI18n()

  return useSubmit(async ({ servers, node, withBackups, starts }: BulkTransfer): Promise<BulkResult> => {
    const result: BulkResult = { act: 'transfer', done: 0, failed: [] }
    for (const server of servers) {
      try {
        const params = { server: String(server.id) }
        const { needed, flavour, backups } = await api(transfers.options, { params })
        const count = Math.max(1, needed.ports)
        const [first, ...more] = await freePorts(node.id, count)
        if (first === undefined || more.length < count - 1)
          throw refusal(t('adminServers.transfer.noPorts', { node: node.name }))
        await api(transfers.start, {
          params,
          body: {
            node_id: node.id,
            allocation_id: first,
            allocation_additional: more,
            backups: withBackups && flavour === 'pelican' ? backups.map(({ uuid }) => uuid) : [],
            start_on_completion: starts,
          },
        })
        result.done++
      } catch (failure) {
        result.failed.push({ server, error: failure })
      }
    }
    await refresh()
    return result
  })
}

async function freePorts(node: number, count: number): Promise<number[]> {
  const { items } = await api(allocations.list, {
    params: { node: String(node) },
    query: { per_page: count, filter: { server_id: 'none' } },
  })
  return items.map(({ id }) => id)
}

/** In the form in which the panel refuses, to be listed among those. */
const refusal = (detail: string) =>
  Object.assign(new Error(detail), { data: { errors: [{ code: '', status: '', detail, meta: {} }] } })
