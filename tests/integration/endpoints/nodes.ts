import { done, idOf, made, type Known, type Row } from './row'

export const nodeBody = (known: Known) => ({
  name: 'made',
  location_id: known.location,
  fqdn: 'made.example.test',
  scheme: 'https',
  memory: 1024,
  memory_overallocate: 0,
  disk: 1024,
  disk_overallocate: 0,
  daemon_sftp: 2022,
  daemon_listen: 8080,
})

/** The administration: places, eggs, nodes and their ports. */
export const NODES: Row[] = [
  // 3.4, 3.7
  {
    endpoint: 'POST /api/application/locations',
    as: 'root',
    status: made,
    body: () => ({ short: 'made', long: 'Made' }),
    answers: 'location',
    beside: ['meta.resource'],
    learns: idOf('location'),
  },
  {
    endpoint: 'GET /api/application/locations',
    as: 'root',
    query: 'include=nodes,servers',
    answers: 'list of location',
  },
  {
    endpoint: 'GET /api/application/locations/:location',
    as: 'root',
    query: 'include=nodes,servers',
    answers: 'location',
  },
  {
    endpoint: 'PATCH /api/application/locations/:location',
    as: 'root',
    body: () => ({ short: 'made-2' }),
    answers: 'location',
  },
  { endpoint: 'GET /api/application/nests', as: 'root', query: 'include=eggs,servers', answers: 'list of nest' },
  { endpoint: 'GET /api/application/nests/:nest', as: 'root', query: 'include=eggs,servers', answers: 'nest' },
  {
    endpoint: 'GET /api/application/nests/:nest/eggs',
    as: 'root',
    query: 'include=nest,servers,config,script,variables',
    answers: 'list of egg',
  },
  {
    endpoint: 'GET /api/application/nests/:nest/eggs/:egg',
    as: 'root',
    query: 'include=nest,servers,config,script,variables',
    answers: 'egg',
  },

  // 3.2, 3.3
  {
    endpoint: 'POST /api/application/nodes',
    as: 'root',
    status: made,
    body: nodeBody,
    answers: 'node',
    beside: ['meta.resource'],
    learns: idOf('madeNode'),
  },
  {
    endpoint: 'GET /api/application/nodes',
    as: 'root',
    query: 'include=allocations,location,servers',
    answers: 'list of node',
  },
  {
    endpoint: 'GET /api/application/nodes/deployable',
    as: 'root',
    query: 'memory=128&disk=128&include[]=allocations',
    answers: 'list of node',
  },
  {
    endpoint: 'GET /api/application/nodes/:node',
    as: 'root',
    query: 'include=allocations,location,servers',
    answers: 'node',
  },
  {
    endpoint: 'GET /api/application/nodes/:node/configuration',
    as: 'root',
    answers: '{}',
    beside: [
      'debug',
      'uuid',
      'token_id',
      'token',
      'api.host',
      'api.port',
      'api.ssl.enabled',
      'api.ssl.cert',
      'api.ssl.key',
      'api.upload_limit',
      'system.data',
      'system.sftp.bind_port',
      'allowed_mounts',
      'remote',
    ],
  },
  {
    endpoint: 'POST /api/application/nodes/:node/allocations',
    as: 'root',
    status: done,
    body: () => ({ ip: '198.51.100.9', ports: ['25565-25575'] }),
  },
  {
    endpoint: 'GET /api/application/nodes/:node/allocations',
    as: 'root',
    query: 'include=node,server',
    answers: 'list of allocation',
    learns: ({ data }, known) => void (known.madeAllocation = data[0].attributes.id),
  },
]
