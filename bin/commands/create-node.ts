import { OperatorError } from '#server/env/operator-error'
import { checkFields } from '../check-fields.ts'
import { definePanelCommand } from '../panel-command.ts'
import { mibOf } from '../sizes.ts'

export default definePanelCommand({
  name: 'create-node',
  description: 'Create a node; node-configuration prints what its daemon is given',
  args: {
    name: { type: 'string', required: true, description: 'Name, such as fra-1' },
    fqdn: { type: 'string', required: true, description: 'Name or address under which browsers reach the host' },
    location: { type: 'string', required: true, description: 'Number or short name of the location' },
    memory: { type: 'string', required: true, description: 'Memory for servers: 65536 (MiB) or 64GiB' },
    disk: { type: 'string', required: true, description: 'Disk for servers: 512000 (MiB) or 500GiB' },
    scheme: { type: 'enum', options: ['https', 'http'], default: 'https', description: 'How the daemon is spoken to' },
    port: { type: 'string', default: '8080', description: 'Port of the daemon' },
    'connect-port': { type: 'string', description: 'Port under which the world reaches it, behind a proxy' },
    'sftp-port': { type: 'string', default: '2022', description: 'Port for SFTP' },
    'memory-overallocate': { type: 'string', default: '0', description: 'Percent promised beyond it; -1: any' },
    'disk-overallocate': { type: 'string', default: '0', description: 'Percent promised beyond it; -1: any' },
    'data-folder': { type: 'string', description: 'Where the daemon keeps servers: /var/lib/pterodactyl/volumes' },
    'base-url': { type: 'string', description: 'Where the panel itself reaches it, if elsewhere' },
    description: { type: 'string', description: 'For people' },
    tags: { type: 'string', description: 'Tags for placement, by commas' },
    'behind-proxy': { type: 'boolean', description: 'A proxy ends TLS before the daemon' },
    private: { type: 'boolean', description: 'Not used by automatic placement' },
  },
  async check(given) {
    const { nodeBody } = await import('#shared/contracts/application/nodes')
    const body = await checkFields(
      nodeBody,
      {
        name: given.name,
        fqdn: given.fqdn,
        location_id: 1, // found once there is a database
        scheme: given.scheme,
        memory: mibOf('memory', given.memory),
        disk: mibOf('disk', given.disk),
        memory_overallocate: given['memory-overallocate'],
        disk_overallocate: given['disk-overallocate'],
        daemon_listen: given.port,
        daemon_connect: given['connect-port'],
        daemon_sftp: given['sftp-port'],
        daemon_base: given['data-folder'],
        base_url: given['base-url'],
        description: given.description,
        tags: given.tags?.split(',').filter(Boolean),
        behind_proxy: given['behind-proxy'] ?? false,
        public: !given.private,
      },
      {
        daemon_listen: 'port',
        daemon_connect: 'connect-port',
        daemon_sftp: 'sftp-port',
        daemon_base: 'data-folder',
      },
    )
    return { body, location: given.location }
  },
  async work({ body, location: named }) {
    const [{ findLocationNamed }, { createNode }, { SYSTEM }] = await Promise.all([
      import('#server/services/locations/queries'),
      import('#server/services/nodes/create-node'),
      import('#server/auth/actor'),
    ])
    const location = await findLocationNamed(named)
    if (!location) throw new OperatorError(`There is no location ${named}. create-location makes one.`)
    return createNode({ actor: SYSTEM, asked: { ...body, location_id: Number(location.id) } })
  },
  tell: ({ id, uuid, name, fqdn, locationId }) => ({
    id: Number(id),
    uuid,
    name,
    fqdn,
    location_id: Number(locationId),
  }),
  say: ({ id, name }) =>
    `Node ${name} has the number ${id}. node-configuration --node ${id} prints the file for its daemon.`,
})
