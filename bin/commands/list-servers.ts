import { UsageError } from '../explain.ts'
import { definePanelCommand } from '../panel-command.ts'

const PAGE = 100

export default definePanelCommand({
  name: 'list-servers',
  description: 'List servers, as tab-separated lines or as JSON',
  args: {
    search: { type: 'string', description: 'Name, id, address or owner' },
    node: { type: 'string', description: 'Number, name or uuid of a node' },
    owner: { type: 'string', description: 'User name or e-mail address' },
    status: {
      type: 'string',
      description: 'By commas: normal, installing, install_failed, suspended, transferring, …',
    },
  },
  async check({ search, node, owner, status }) {
    const { SERVER_STATUSES } = await import('#shared/contracts/application/servers')
    const known: string[] = ['normal', 'transferring', ...SERVER_STATUSES]
    const odd = status?.split(',').find((one) => !known.includes(one))
    if (odd !== undefined) throw new UsageError(`--status: There is no ${odd || 'empty one'}. Say ${known.join(', ')}.`)
    return { search, node, owner, status }
  },
  async work({ search, node, owner, status }) {
    const [{ listServers }, { SYSTEM }, { findNode }, { findPerson }] = await Promise.all([
      import('#server/services/servers/list-servers'),
      import('#server/auth/actor'),
      import('../find-node.ts'),
      import('../find-person.ts'),
    ])
    const filters = {
      ...(search && { '*': search }),
      ...(node && { node: (await findNode(node)).id }),
      ...(owner && { owner: (await findPerson(owner)).id }),
      ...(status && { status }),
    }
    const found = []
    for (let page = 1; ; page++) {
      const { rows, total } = await listServers({
        actor: SYSTEM,
        page,
        size: PAGE,
        filters,
        sorts: [],
        included: new Set(),
      })
      found.push(...rows.map(({ server }) => server))
      if (rows.length < PAGE || found.length >= total) return found
    }
  },
  tell: (servers) =>
    servers.map(({ id, uuid, identifier, name, ownerId, nodeId, status, suspended }) => ({
      id: Number(id),
      uuid,
      identifier,
      name,
      owner_id: Number(ownerId),
      node_id: Number(nodeId),
      status: suspended ? 'suspended' : status,
    })),
  say: (servers) =>
    servers
      .map(({ identifier, name, status, suspended }) =>
        [identifier, suspended ? 'suspended' : (status ?? 'normal'), name].join('\t'),
      )
      .join('\n'),
})
