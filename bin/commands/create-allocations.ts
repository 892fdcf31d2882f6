import { checkFields } from '../check-fields.ts'
import { definePanelCommand } from '../panel-command.ts'

export default definePanelCommand({
  name: 'create-allocations',
  description: 'Add ports to a node; those that it has already are passed over',
  args: {
    node: { type: 'string', required: true, description: 'Number, name or uuid of the node' },
    ip: { type: 'string', required: true, description: 'Address of the host, or a network from /25 to /32' },
    ports: { type: 'string', required: true, description: 'Ports and ranges by commas: 25565-25600,27015' },
    alias: { type: 'string', description: 'What players are shown instead of the address' },
  },
  async check({ node, ip, ports, alias }) {
    const { createAllocationsBody } = await import('#shared/contracts/application/allocations')
    const given = { ip, ports: ports.split(',').filter((port) => port.trim() !== ''), alias }
    return { node, asked: await checkFields(createAllocationsBody, given) }
  },
  async work({ node: named, asked }) {
    const [{ findNode }, { createAllocations }, { SYSTEM }] = await Promise.all([
      import('../find-node.ts'),
      import('#server/services/allocations/create-allocations'),
      import('#server/auth/actor'),
    ])
    const node = await findNode(named)
    return { node: node.name, added: await createAllocations({ actor: SYSTEM, node, asked }) }
  },
  tell: (outcome) => outcome,
  say: ({ node, added }) => `${added} new ${added === 1 ? 'port' : 'ports'} on ${node}.`,
})
