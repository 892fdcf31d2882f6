import type { Loose } from '../../support/api'

/** Who calls. `guest` is a browser that keeps its cookies and is signed in by these very calls. */
export type As = 'nobody' | 'owner' | 'root' | 'guest'

export interface Row {
  /** As it is documented, with the names of our path parameters. */
  endpoint: string
  as?: As
  query?: string
  body?: (known: Known) => unknown
  status?: number
  /** The object that is answered; of a list, its elements: `list of backup`. A bare object: `{}`. None: no body. */
  answers?: string
  variant?: string
  /** What stands beside the object, by its path. */
  beside?: string[]
  learns?: (reply: Loose, known: Known) => void
  before?: (known: Known, stage: Stage) => Promise<void>
}

/** What earlier calls have answered, by the names of path parameters and others. */
export type Known = Record<string, Loose>

/** What can be done behind the API's back. */
export interface Stage {
  codeOf: (secret: string) => Promise<string>
  settled: () => Promise<void>
  secondFactor: (known: Known) => Promise<void>
  selfService: () => Promise<void>
  running: () => Promise<void>
  primaryAgain: () => Promise<void>
  unlocked: () => Promise<void>
  anotherServer: (known: Known) => Promise<void>
  backedUp: (uuid: string) => Promise<void>
  resetToken: () => Promise<string>
  freeAllocation: () => Promise<number>
  emptyEgg: () => Promise<{ id: string; uuid: string }>
}

const PASSWORD = 'correct horse battery'
const made = 201
const begun = 202
const done = 204

const idOf = (name: string) => (reply: Loose, known: Known) => void (known[name] = reply.attributes.id)

const userBody = (more: object = {}) => ({
  email: 'made@example.test',
  username: 'made',
  first_name: 'Ada',
  last_name: 'Lovelace',
  external_id: 'billing-7',
  ...more,
})

const nodeBody = (known: Known) => ({
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

const limits = { memory: 512, swap: 0, disk: 1024, io: 500, cpu: 100 }
const features = { databases: 4, backups: 5, allocations: 4 }
const schedule = (name: string) => ({
  name,
  minute: '0',
  hour: '4',
  day_of_month: '*',
  month: '*',
  day_of_week: '*',
  is_active: true,
})

/**
 * Every endpoint that is documented, in an order in which each finds what it needs. First the administration makes a
 * server, then its owner uses it, then both take it away again.
 */
export const ENDPOINTS: Row[] = [
  // 10: sign-in, as mobile apps and browsers do it
  { endpoint: 'GET /sanctum/csrf-cookie', as: 'guest', status: done },
  {
    endpoint: 'POST /auth/login',
    as: 'guest',
    body: ({ guest }) => ({ user: guest, password: PASSWORD }),
    answers: '{}',
    beside: ['data.complete', 'data.intended', 'data.user.uuid', 'data.user.use_totp'],
  },
  { endpoint: 'POST /auth/logout', as: 'guest', status: done },
  {
    endpoint: 'POST /auth/login/checkpoint',
    as: 'guest',
    before: (known, stage) => stage.secondFactor(known),
    body: ({ confirmation, code }) => ({ confirmation_token: confirmation, authentication_code: code }),
    answers: '{}',
    beside: ['data.complete', 'data.user.uuid'],
  },
  {
    endpoint: 'POST /auth/password',
    body: () => ({ email: 'nobody@example.test' }),
    answers: '{}',
    beside: ['status'],
  },
  {
    endpoint: 'POST /auth/password/reset',
    before: async (known, stage) => void (known.token = await stage.resetToken()),
    body: ({ token, guestEmail }) => ({
      token,
      email: guestEmail,
      password: `${PASSWORD} 2`,
      password_confirmation: `${PASSWORD} 2`,
    }),
    answers: '{}',
    beside: ['success', 'redirect_to', 'send_to_login'],
  },

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

  // 3.1
  {
    endpoint: 'POST /api/application/users',
    as: 'root',
    status: made,
    body: () => userBody(),
    answers: 'user',
    beside: ['meta.resource'],
    learns: idOf('madeUser'),
  },
  { endpoint: 'GET /api/application/users', as: 'root', query: 'include=servers', answers: 'list of user' },
  { endpoint: 'GET /api/application/users/:user', as: 'root', query: 'include=servers', answers: 'user' },
  { endpoint: 'GET /api/application/users/external/:external', as: 'root', answers: 'user' },
  {
    endpoint: 'PATCH /api/application/users/:user',
    as: 'root',
    body: () => userBody({ last_name: 'Byron' }),
    answers: 'user',
  },

  // 3.5
  {
    endpoint: 'POST /api/application/servers',
    as: 'root',
    status: made,
    query: 'include=allocations',
    body: ({ ownerId, egg, image, startup, allocation }) => ({
      name: 'Survival',
      user: ownerId,
      egg,
      docker_image: image,
      startup,
      environment: { MOTD: 'welcome' },
      limits,
      feature_limits: features,
      allocation: { default: allocation },
      external_id: 'billing-7',
    }),
    answers: 'server',
    learns: ({ attributes }, known) => {
      known.managed = attributes.id
      known.server = attributes.identifier
      known.uuid = attributes.uuid
    },
  },
  {
    endpoint: 'GET /api/application/servers',
    as: 'root',
    before: (_, stage) => stage.settled(),
    query: 'include=allocations,user,subusers,nest,egg,variables,location,node,databases',
    answers: 'list of server',
  },
  {
    endpoint: 'GET /api/application/servers/:server',
    as: 'root',
    query: 'include=allocations,user,subusers,nest,egg,variables,location,node,databases',
    answers: 'server',
  },
  { endpoint: 'GET /api/application/servers/external/:external', as: 'root', answers: 'server' },
  {
    endpoint: 'PATCH /api/application/servers/:server/details',
    as: 'root',
    body: ({ ownerId }) => ({ name: 'Survival', user: ownerId, external_id: 'billing-7' }),
    answers: 'server',
  },
  {
    endpoint: 'PATCH /api/application/servers/:server/build',
    as: 'root',
    body: ({ allocation }) => ({ allocation, ...limits, feature_limits: features }),
    answers: 'server',
  },
  {
    endpoint: 'PATCH /api/application/servers/:server/startup',
    as: 'root',
    body: ({ egg, image, startup }) => ({ startup, environment: {}, egg, image, skip_scripts: false }),
    answers: 'server',
  },
  { endpoint: 'POST /api/application/servers/:server/suspend', as: 'root', status: done },
  { endpoint: 'POST /api/application/servers/:server/unsuspend', as: 'root', status: done },

  // 12: what the fork adds to the administration
  { endpoint: 'GET /api/application/eggs', as: 'root', answers: 'list of egg' },
  { endpoint: 'GET /api/application/eggs/:egg', as: 'root', answers: 'egg' },
  {
    endpoint: 'GET /api/application/eggs/:egg/export',
    as: 'root',
    query: 'format=json',
    answers: '{}',
    beside: ['meta.version'],
  },
  {
    endpoint: 'POST /api/application/eggs/import',
    as: 'root',
    status: made,
    body: ({ eggFile }) => eggFile,
    answers: 'egg',
    beside: ['meta.resource'],
    learns: ({ attributes }, known) => void (known.madeEgg = attributes.id),
  },
  { endpoint: 'DELETE /api/application/eggs/:egg', as: 'root', status: done },
  {
    endpoint: 'DELETE /api/application/eggs/uuid/:uuid',
    as: 'root',
    status: done,
    before: async (known, stage) => void (known.eggUuid = (await stage.emptyEgg()).uuid),
  },
  {
    endpoint: 'POST /api/application/mounts',
    as: 'root',
    status: made,
    body: () => ({ name: 'Maps', source: '/srv/maps', target: '/mnt/maps' }),
    answers: 'mount',
    beside: ['meta.resource'],
    learns: idOf('mount'),
  },
  { endpoint: 'GET /api/application/mounts', as: 'root', answers: 'list of mount' },
  { endpoint: 'GET /api/application/mounts/:mount', as: 'root', query: 'include=eggs,nodes,servers', answers: 'mount' },
  { endpoint: 'PATCH /api/application/mounts/:mount', as: 'root', body: () => ({ name: 'Worlds' }), answers: 'mount' },
  {
    endpoint: 'POST /api/application/mounts/:mount/nodes',
    as: 'root',
    body: ({ node }) => ({ nodes: [node] }),
    answers: 'mount',
  },
  { endpoint: 'GET /api/application/mounts/:mount/nodes', as: 'root', answers: 'list of node' },
  {
    endpoint: 'POST /api/application/mounts/:mount/eggs',
    as: 'root',
    body: ({ egg }) => ({ eggs: [egg] }),
    answers: 'mount',
  },
  { endpoint: 'GET /api/application/mounts/:mount/eggs', as: 'root', answers: 'list of egg' },
  {
    endpoint: 'POST /api/application/mounts/:mount/servers',
    as: 'root',
    body: ({ managed }) => ({ servers: [managed] }),
    answers: 'mount',
  },
  { endpoint: 'GET /api/application/mounts/:mount/servers', as: 'root', answers: 'list of server' },
  { endpoint: 'DELETE /api/application/mounts/:mount/servers/:server', as: 'root', status: done },
  { endpoint: 'DELETE /api/application/mounts/:mount/eggs/:egg', as: 'root', status: done },
  { endpoint: 'DELETE /api/application/mounts/:mount/nodes/:node', as: 'root', status: done },
  { endpoint: 'DELETE /api/application/mounts/:mount', as: 'root', status: done },
  {
    endpoint: 'POST /api/application/roles',
    as: 'root',
    status: made,
    body: () => ({ name: 'Support' }),
    answers: 'role',
    beside: ['meta.resource'],
    learns: idOf('role'),
  },
  { endpoint: 'GET /api/application/roles', as: 'root', answers: 'list of role' },
  { endpoint: 'GET /api/application/roles/:role', as: 'root', answers: 'role' },
  { endpoint: 'PATCH /api/application/roles/:role', as: 'root', body: () => ({ name: 'Helpers' }), answers: 'role' },
  {
    endpoint: 'PATCH /api/application/users/:user/roles/assign',
    as: 'root',
    body: ({ role }) => ({ roles: [role] }),
    answers: 'list of role',
  },
  {
    endpoint: 'PATCH /api/application/users/:user/roles/remove',
    as: 'root',
    body: ({ role }) => ({ roles: [role] }),
    answers: 'list',
  },
  { endpoint: 'DELETE /api/application/roles/:role', as: 'root', status: done },
  {
    endpoint: 'POST /api/application/database-hosts',
    as: 'root',
    status: made,
    body: ({ databaseServer, node }) => ({
      name: 'main',
      engine: 'postgresql',
      tls_mode: 'off',
      node_ids: [node],
      ...databaseServer,
    }),
    answers: 'database_host',
    beside: ['meta.resource'],
    learns: idOf('databaseHost'),
  },
  { endpoint: 'GET /api/application/database-hosts', as: 'root', answers: 'list of database_host' },
  { endpoint: 'GET /api/application/database-hosts/:databaseHost', as: 'root', answers: 'database_host' },
  {
    endpoint: 'PATCH /api/application/database-hosts/:databaseHost',
    as: 'root',
    body: () => ({ name: 'first' }),
    answers: 'database_host',
  },

  // 3.6
  {
    endpoint: 'POST /api/application/servers/:server/databases',
    as: 'root',
    status: made,
    body: ({ databaseHost }) => ({ database: 'shop', remote: '%', host: databaseHost }),
    answers: 'server_database',
    beside: ['meta.resource'],
    learns: idOf('managedDatabase'),
  },
  { endpoint: 'GET /api/application/servers/:server', as: 'root', query: 'include=databases', answers: 'server' },
  {
    endpoint: 'GET /api/application/servers/:server/databases',
    as: 'root',
    query: 'include=password,host',
    answers: 'list of server_database',
  },
  {
    endpoint: 'GET /api/application/servers/:server/databases/:database',
    as: 'root',
    query: 'include=password,host',
    answers: 'server_database',
  },
  { endpoint: 'POST /api/application/servers/:server/databases/:database/reset-password', as: 'root', status: done },
  { endpoint: 'DELETE /api/application/servers/:server/databases/:database', as: 'root', status: done },

  // 2.1
  { endpoint: 'GET /api/client', as: 'owner', query: 'include=egg,subusers', answers: 'list of server' },
  { endpoint: 'GET /api/client/permissions', as: 'owner', answers: 'system_permissions' },

  // 2.2
  { endpoint: 'GET /api/client/account', as: 'owner', answers: 'user', variant: 'account' },
  {
    endpoint: 'GET /api/client/account/two-factor',
    as: 'owner',
    answers: '{}',
    beside: ['data.image_url_data', 'data.secret'],
    learns: ({ data }, known) => void (known.secret = data.secret),
  },
  {
    endpoint: 'POST /api/client/account/two-factor',
    as: 'owner',
    before: async (known, stage) => void (known.code = await stage.codeOf(known.secret)),
    body: ({ code }) => ({ code, password: PASSWORD }),
    answers: 'recovery_tokens',
  },
  {
    endpoint: 'POST /api/client/account/two-factor/disable',
    as: 'owner',
    status: done,
    body: () => ({ password: PASSWORD }),
  },
  {
    endpoint: 'DELETE /api/client/account/two-factor',
    as: 'owner',
    status: done,
    body: () => ({ password: PASSWORD }),
  },
  {
    endpoint: 'PUT /api/client/account/email',
    as: 'owner',
    status: done,
    body: () => ({ email: 'owner-2@example.test', password: PASSWORD }),
  },
  {
    endpoint: 'GET /api/client/account/activity',
    as: 'owner',
    query: 'include=actor&sort=-timestamp',
    answers: 'list of activity_log',
  },
  {
    endpoint: 'POST /api/client/account/api-keys',
    as: 'owner',
    body: () => ({ description: 'bot', allowed_ips: ['203.0.113.0/24'] }),
    answers: 'api_key',
    beside: ['meta.secret_token'],
    learns: ({ attributes }, known) => void (known.identifier = attributes.identifier),
  },
  { endpoint: 'GET /api/client/account/api-keys', as: 'owner', answers: 'list of api_key' },
  { endpoint: 'DELETE /api/client/account/api-keys/:identifier', as: 'owner', status: done },
  {
    endpoint: 'POST /api/client/account/ssh-keys',
    as: 'owner',
    body: ({ sshKey }) => ({ name: 'laptop', public_key: sshKey }),
    answers: 'ssh_key',
    learns: ({ attributes }, known) => void (known.fingerprint = attributes.fingerprint),
  },
  { endpoint: 'GET /api/client/account/ssh-keys', as: 'owner', answers: 'list of ssh_key' },
  {
    endpoint: 'POST /api/client/account/ssh-keys/remove',
    as: 'owner',
    status: done,
    body: ({ fingerprint }) => ({ fingerprint }),
  },

  // 2.3
  {
    endpoint: 'GET /api/client/servers/:server',
    as: 'owner',
    query: 'include=egg,subusers',
    answers: 'server',
    beside: ['meta.is_server_owner', 'meta.user_permissions'],
  },
  {
    endpoint: 'GET /api/client/servers/:server/websocket',
    as: 'owner',
    answers: '{}',
    beside: ['data.token', 'data.socket'],
  },
  { endpoint: 'GET /api/client/servers/:server/resources', as: 'owner', answers: 'stats' },
  { endpoint: 'POST /api/client/servers/:server/power', as: 'owner', status: done, body: () => ({ signal: 'start' }) },
  {
    endpoint: 'POST /api/client/servers/:server/command',
    as: 'owner',
    status: done,
    before: (_, stage) => stage.running(),
    body: () => ({ command: 'say hello' }),
  },
  {
    endpoint: 'GET /api/client/servers/:server/activity',
    as: 'owner',
    query: 'include=actor',
    answers: 'list of activity_log',
  },

  // 2.5
  {
    endpoint: 'POST /api/client/servers/:server/databases',
    as: 'owner',
    body: () => ({ database: 'world', remote: '%' }),
    answers: 'server_database',
    beside: ['attributes.relationships.password.attributes.password'],
    learns: ({ attributes }, known) => void (known.database = attributes.id),
  },
  {
    endpoint: 'GET /api/client/servers/:server/databases',
    as: 'owner',
    query: 'include=password',
    answers: 'list of server_database',
  },
  {
    endpoint: 'POST /api/client/servers/:server/databases/:database/rotate-password',
    as: 'owner',
    answers: 'server_database',
  },
  { endpoint: 'DELETE /api/client/servers/:server/databases/:database', as: 'owner', status: done },

  // 2.6
  {
    endpoint: 'POST /api/client/servers/:server/files/create-folder',
    as: 'owner',
    status: done,
    body: () => ({ root: '/', name: 'maps' }),
  },
  {
    endpoint: 'POST /api/client/servers/:server/files/write',
    as: 'owner',
    query: 'file=/a.txt',
    status: done,
    body: () => 'hello',
  },
  {
    endpoint: 'GET /api/client/servers/:server/files/list',
    as: 'owner',
    query: 'directory=/',
    answers: 'list of file_object',
  },
  { endpoint: 'GET /api/client/servers/:server/files/contents', as: 'owner', query: 'file=/a.txt', answers: 'hello' },
  {
    endpoint: 'GET /api/client/servers/:server/files/download',
    as: 'owner',
    query: 'file=/a.txt',
    answers: 'signed_url',
  },
  { endpoint: 'GET /api/client/servers/:server/files/upload', as: 'owner', answers: 'signed_url' },
  {
    endpoint: 'POST /api/client/servers/:server/files/copy',
    as: 'owner',
    status: done,
    body: () => ({ location: '/a.txt' }),
  },
  {
    endpoint: 'PUT /api/client/servers/:server/files/rename',
    as: 'owner',
    status: done,
    body: () => ({ root: '/', files: [{ from: 'a.txt', to: 'b.txt' }] }),
  },
  {
    endpoint: 'POST /api/client/servers/:server/files/chmod',
    as: 'owner',
    status: done,
    body: () => ({ root: '/', files: [{ file: 'b.txt', mode: '644' }] }),
  },
  {
    endpoint: 'POST /api/client/servers/:server/files/compress',
    as: 'owner',
    body: () => ({ root: '/', files: ['b.txt'] }),
    answers: 'file_object',
    learns: ({ attributes }, known) => void (known.archive = attributes.name),
  },
  {
    endpoint: 'POST /api/client/servers/:server/files/decompress',
    as: 'owner',
    status: done,
    body: ({ archive }) => ({ root: '/', file: archive }),
  },
  {
    endpoint: 'POST /api/client/servers/:server/files/pull',
    as: 'owner',
    status: done,
    body: () => ({ url: 'https://203.0.113.7/map.zip', directory: '/maps' }),
  },
  {
    endpoint: 'POST /api/client/servers/:server/files/delete',
    as: 'owner',
    status: done,
    body: () => ({ root: '/', files: ['b.txt'] }),
  },

  // 2.7
  {
    endpoint: 'POST /api/client/servers/:server/schedules',
    as: 'owner',
    body: () => schedule('Nightly'),
    answers: 'server_schedule',
    beside: ['attributes.relationships.tasks'],
    learns: idOf('schedule'),
  },
  {
    endpoint: 'POST /api/client/servers/:server/schedules/:schedule/tasks',
    as: 'owner',
    body: () => ({ action: 'command', payload: 'say hello', time_offset: 0 }),
    answers: 'schedule_task',
    learns: idOf('task'),
  },
  {
    endpoint: 'POST /api/client/servers/:server/schedules/:schedule/tasks/:task',
    as: 'owner',
    body: () => ({ action: 'command', payload: 'say goodbye', time_offset: 0 }),
    answers: 'schedule_task',
  },
  { endpoint: 'GET /api/client/servers/:server/schedules', as: 'owner', answers: 'list of server_schedule' },
  { endpoint: 'GET /api/client/servers/:server/schedules/:schedule', as: 'owner', answers: 'server_schedule' },
  {
    endpoint: 'POST /api/client/servers/:server/schedules/:schedule',
    as: 'owner',
    body: () => schedule('Daily'),
    answers: 'server_schedule',
  },
  {
    endpoint: 'PATCH /api/client/servers/:server/schedules/:schedule',
    as: 'owner',
    body: () => schedule('Daily'),
    answers: 'server_schedule',
  },
  {
    endpoint: 'POST /api/client/servers/:server/schedules/:schedule/execute',
    as: 'owner',
    status: begun,
    answers: '[]',
  },
  { endpoint: 'DELETE /api/client/servers/:server/schedules/:schedule/tasks/:task', as: 'owner', status: done },
  { endpoint: 'DELETE /api/client/servers/:server/schedules/:schedule', as: 'owner', status: done },

  // 2.8
  {
    endpoint: 'POST /api/client/servers/:server/network/allocations',
    as: 'owner',
    before: (_, stage) => stage.selfService(),
    answers: 'allocation',
    learns: idOf('added'),
  },
  { endpoint: 'GET /api/client/servers/:server/network/allocations', as: 'owner', answers: 'list of allocation' },
  {
    endpoint: 'POST /api/client/servers/:server/network/allocations/:allocation',
    as: 'owner',
    body: () => ({ notes: 'map' }),
    answers: 'allocation',
  },
  {
    endpoint: 'POST /api/client/servers/:server/network/allocations/:allocation/primary',
    as: 'owner',
    answers: 'allocation',
  },
  {
    endpoint: 'DELETE /api/client/servers/:server/network/allocations/:allocation',
    as: 'owner',
    status: done,
    before: (_, stage) => stage.primaryAgain(),
  },

  // 2.9
  {
    endpoint: 'POST /api/client/servers/:server/users',
    as: 'owner',
    body: () => ({ email: 'carol@example.test', permissions: ['control.console'] }),
    answers: 'server_subuser',
    learns: ({ attributes }, known) => void (known.subuser = attributes.uuid),
  },
  { endpoint: 'GET /api/application/servers/:server', as: 'root', query: 'include=subusers', answers: 'server' },
  { endpoint: 'GET /api/client/servers/:server/users', as: 'owner', answers: 'list of server_subuser' },
  { endpoint: 'GET /api/client/servers/:server/users/:user', as: 'owner', answers: 'server_subuser' },
  {
    endpoint: 'POST /api/client/servers/:server/users/:user',
    as: 'owner',
    body: () => ({ permissions: ['file.read'] }),
    answers: 'server_subuser',
  },
  { endpoint: 'DELETE /api/client/servers/:server/users/:user', as: 'owner', status: done },

  // 2.10
  {
    endpoint: 'POST /api/client/servers/:server/backups',
    as: 'owner',
    body: () => ({ name: 'Before update', ignored: 'logs/*' }),
    answers: 'backup',
    learns: ({ attributes }, known) => void (known.backup = attributes.uuid),
  },
  {
    endpoint: 'GET /api/client/servers/:server/backups',
    as: 'owner',
    before: ({ backup }, stage) => stage.backedUp(backup),
    answers: 'list of backup',
    beside: ['meta.backup_count', 'meta.pagination.total'],
  },
  { endpoint: 'GET /api/client/servers/:server/backups/:backup', as: 'owner', answers: 'backup' },
  { endpoint: 'GET /api/client/servers/:server/backups/:backup/download', as: 'owner', answers: 'signed_url' },
  {
    endpoint: 'PUT /api/client/servers/:server/backups/:backup/rename',
    as: 'owner',
    body: () => ({ name: 'Kept' }),
    answers: 'backup',
  },
  { endpoint: 'POST /api/client/servers/:server/backups/:backup/lock', as: 'owner', answers: 'backup' },
  {
    endpoint: 'POST /api/client/servers/:server/backups/:backup/restore',
    as: 'owner',
    status: done,
    query: 'truncate=true',
  },
  {
    endpoint: 'DELETE /api/client/servers/:server/backups/:backup',
    as: 'owner',
    status: done,
    before: async (_, stage) => {
      await stage.settled()
      await stage.unlocked()
    },
  },

  // 2.11, 2.12
  {
    endpoint: 'GET /api/client/servers/:server/startup',
    as: 'owner',
    answers: 'list of egg_variable',
    beside: ['meta.startup_command', 'meta.docker_images', 'meta.raw_startup_command'],
  },
  {
    endpoint: 'PUT /api/client/servers/:server/startup/variable',
    as: 'owner',
    body: () => ({ key: 'MOTD', value: 'hi' }),
    answers: 'egg_variable',
    beside: ['meta.startup_command', 'meta.raw_startup_command'],
  },
  {
    endpoint: 'POST /api/client/servers/:server/settings/rename',
    as: 'owner',
    status: done,
    body: () => ({ name: 'Creative' }),
  },
  {
    endpoint: 'POST /api/client/servers/:server/settings/description',
    as: 'owner',
    status: done,
    body: () => ({ description: 'Peaceful' }),
  },
  {
    endpoint: 'PUT /api/client/servers/:server/settings/docker-image',
    as: 'owner',
    status: done,
    body: ({ image }) => ({ docker_image: image }),
  },
  { endpoint: 'POST /api/client/servers/:server/settings/reinstall', as: 'owner', status: begun, answers: '[]' },
  {
    endpoint: 'PUT /api/client/account/username',
    as: 'owner',
    status: done,
    body: () => ({ username: 'owner-2', password: PASSWORD }),
  },
  {
    endpoint: 'PUT /api/client/account/password',
    as: 'owner',
    status: done,
    body: () => ({ current_password: PASSWORD, password: `${PASSWORD} 3`, password_confirmation: `${PASSWORD} 3` }),
  },

  // 3.5, 12, and the way back
  {
    endpoint: 'POST /api/application/servers/:server/reinstall',
    as: 'root',
    status: done,
    before: (_, stage) => stage.settled(),
  },
  {
    endpoint: 'POST /api/application/servers/:server/transfer',
    as: 'root',
    status: done,
    before: async (known, stage) => {
      await stage.settled()
      known.targetAllocation = await stage.freeAllocation()
    },
    body: ({ targetNode, targetAllocation }) => ({ node_id: targetNode, allocation_id: targetAllocation }),
  },
  { endpoint: 'POST /api/application/servers/:server/transfer/cancel', as: 'root', status: done },
  {
    endpoint: 'DELETE /api/application/servers/:server',
    as: 'root',
    status: done,
    before: (_, stage) => stage.settled(),
  },
  {
    endpoint: 'DELETE /api/application/servers/:server/force',
    as: 'root',
    status: done,
    before: (known, stage) => stage.anotherServer(known),
  },
  { endpoint: 'DELETE /api/application/database-hosts/:databaseHost', as: 'root', status: done },
  { endpoint: 'DELETE /api/application/users/:user', as: 'root', status: done },
  { endpoint: 'DELETE /api/application/nodes/:node/allocations/:allocation', as: 'root', status: done },
  {
    endpoint: 'PATCH /api/application/nodes/:node',
    as: 'root',
    body: (known) => nodeBody(known),
    answers: 'node',
  },
  { endpoint: 'DELETE /api/application/nodes/:node', as: 'root', status: done },
  { endpoint: 'DELETE /api/application/locations/:location', as: 'root', status: done },
]

/** Documented, and not ours: with the reason. */
export const NOT_OURS: Record<string, string> = {
  plugins: 'GET|POST /api/application/plugins…: there is no market of plugins.',
}
